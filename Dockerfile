# One image for every process of compose.yaml: the command chooses between the router, a subgraph and the migrations.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md ./
RUN python -m venv /opt/plait \
 && /opt/plait/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY scripts/build_studio.py scripts/build_studio.py
COPY router/studio router/studio
RUN /opt/plait/bin/python scripts/build_studio.py && rm -rf router/studio/node_modules
COPY schema schema
COPY router router
COPY subgraphs subgraphs
COPY db db
COPY plait plait
RUN /opt/plait/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/plait --create-home plait
COPY --from=build /opt/plait /opt/plait
COPY --from=build /src/schema/supergraph.graphql /etc/plait/supergraph.graphql
ENV PATH=/opt/plait/bin:$PATH PLAIT_HOME=/var/lib/plait PYTHONUNBUFFERED=1
USER plait
WORKDIR /var/lib/plait
ENTRYPOINT ["plait"]
CMD ["router", "--supergraph", "/etc/plait/supergraph.graphql", "--listen", "0.0.0.0:4000"]
