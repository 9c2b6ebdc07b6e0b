export { ApiBodyProblems, ApiChangeProblems, ApiProblems, ApiReadProblems } from './api-problem.decorator';
export { type FieldError, Problem, type ProblemSlug } from './problem';
export { ProblemFilter, type RequestFailures } from './problem.filter';
