# One image for every process: the arguments choose which. docker build -t database-load-demo:0.1.0 .
# For two architectures: docker buildx build --platform linux/amd64,linux/arm64 …

# Compiled once, on the machine that builds: JavaScript is the same on every architecture.
FROM --platform=$BUILDPLATFORM docker.io/library/node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No script of a package: nothing that is built here needs the embedded PostgreSQL or a second Node.js.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

# What runs: no compiler, no tests, and not the Node.js that npm brings to a laptop. (TypeScript is an optional peer.)
FROM --platform=$BUILDPLATFORM docker.io/library/node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node node_modules/typescript node_modules/.bin

# No shell and no package manager; certificates, time zones and Node.js 24 are there.
FROM gcr.io/distroless/nodejs24-debian13:nonroot
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/libs/database/migrations ./libs/database/migrations
COPY --from=build /app/scenarios ./scenarios
COPY package.json LICENSE ./
ENV NODE_ENV=production
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node"]
CMD ["dist/inventory.js"]
