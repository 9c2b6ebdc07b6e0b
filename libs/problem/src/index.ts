export { ApiProblems } from './api-problem.decorator';
export { type FieldError, Problem } from './problem';
export { ProblemFilter } from './problem.filter';
