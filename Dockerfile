# The command with all that it needs, and none of torch: `docker run --rm -v "$PWD:/work" IMAGE check`
# To pin the base, which is the same twice: `docker buildx imagetools inspect python:3.12-slim` prints
# a digest for all platforms; write it behind the tag, as python:3.12-slim@sha256:DIGEST.
FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
# The tag is not in here: whoever builds says the version.
ARG VERSION
RUN SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MMSCAFFOLD="${VERSION:-0.2.0.dev0}" \
    pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim
# `new` and `update` use git; mmengine loads OpenCV.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-index --find-links /wheels mmscaffold && rm -rf /wheels
RUN useradd --create-home mmscaffold && git config --system --add safe.directory /work
USER mmscaffold
WORKDIR /work
ENTRYPOINT ["mmscaffold"]
CMD ["--help"]
