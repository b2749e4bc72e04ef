# One image for the app, the hub and workers: what runs is the command.
FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY . .
# What Next keeps for its next build, and its copy of the app that runs by itself, are not needed.
RUN npm ci && npm run build && npm prune --omit=dev && rm -rf apps/web/.next/cache apps/web/.next/standalone

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
COPY --from=build --chown=root:root /app /app
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 3000
# Ready means that storage takes writes; a node that drains is not, and gets no new requests.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: signals reach it, and it drains within 15 s.
STOPSIGNAL SIGTERM
CMD ["node", "--min-semi-space-size=16", "apps/web/server/main.ts"]
