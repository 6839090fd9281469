# A container that runs stewardd as an ordinary user, for programs of the host and of other containers: all that they
# share with it is the folder of its socket. README.md says how.
#
#     docker build -t steward .
FROM debian:12 AS build
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        g++ cmake ninja-build dpkg-dev file pkg-config \
        libboost-dev libmsgpack-cxx-dev libsystemd-dev libspdlog-dev libcli11-dev nlohmann-json3-dev
COPY . /steward
WORKDIR /steward
# Several files at a time, in half of the time.
RUN cmake --preset release -D STEWARD_TESTS=OFF -D STEWARD_EXAMPLES=OFF \
        -D STEWARD_WARNINGS_AS_ERRORS=OFF -D CMAKE_UNITY_BUILD=ON -D CMAKE_UNITY_BUILD_BATCH_SIZE=6 \
    && cmake --build --preset release --target packaged \
    && cd build/release && cpack -G DEB -B /packages

FROM debian:12-slim
COPY --from=build /packages/stewardd_*.deb /packages/steward_*.deb /packages/
# A number of its own, by which the host can give it a folder.
RUN useradd --system --uid 10001 --user-group --home-dir /run/steward --shell /usr/sbin/nologin steward \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends /packages/*.deb \
    && rm -rf /packages /var/lib/apt/lists/*
COPY daemon/packaging/container_start /usr/sbin/stewardd-container
USER steward
HEALTHCHECK --interval=10s --timeout=5s CMD ["steward", "status"]
ENTRYPOINT ["stewardd-container"]
