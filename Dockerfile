# The network server. Configure it with the variables of .env.sample; docs/deployment.md says which.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt .
RUN pip install -r requirements.txt

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    GAUZY_MCP_HOME=/data GAUZY_MCP_ENV_FILE=none MCP_ENV=production MCP_LOG_FORMAT=json \
    MCP_TRANSPORT=http MCP_HTTP_HOST=0.0.0.0 MCP_HTTP_PORT=3001
RUN useradd --system --uid 10001 --home-dir /data gauzy && install -d -o gauzy -m 700 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/gauzy-mcp
COPY LICENSE ./
COPY manage.py ./
COPY gauzy_mcp gauzy_mcp
COPY mcp_tools mcp_tools
COPY oauth_resource oauth_resource
RUN python -m compileall -q gauzy_mcp mcp_tools oauth_resource
USER 10001
VOLUME /data
EXPOSE 3001
# Calls may take a minute and get fifteen seconds to finish when the container stops.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['MCP_HTTP_PORT'] + '/healthz', timeout=4)"]
CMD ["python", "manage.py", "runmcp"]
