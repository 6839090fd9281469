# A container that runs stewardd. Programs of the host, or of other containers, reach it through a shared
# /run/steward; /dev/shm and the process ids must be shared too, since the daemon watches its clients by pid:
#
#   docker run --pid=host --ipc=host -v /run/steward:/run/steward steward
FROM debian:12 AS build
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        g++ cmake ninja-build libboost-dev libmsgpack-cxx-dev libspdlog-dev libcli11-dev nlohmann-json3-dev
COPY . /steward
WORKDIR /steward
RUN cmake --preset release -DSTEWARD_TESTS=OFF -DSTEWARD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX=/usr \
    && cmake --build --preset release \
    && DESTDIR=/installed cmake --install build/release --strip

FROM debian:12-slim
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libspdlog1.10 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /installed /
RUN install --directory --mode=0755 /run/steward
ENTRYPOINT ["stewardd"]
CMD ["--socket", "/run/steward/steward.sock"]
