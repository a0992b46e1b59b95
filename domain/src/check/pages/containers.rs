//! Names, numbers and limits of containers.

use super::{Chapter, Page};
use crate::finding::Severity::Error;

pub const CHAPTER: Chapter = Chapter {
    title: "Containers",
    pages: &[
        Page {
            code: "limit-conflict",
            severity: Error,
            what: "A limit has one value beside `image` and another below `deploy`: `mem_limit`, `mem_reservation`, `cpus` or \
                   `pids_limit`.",
            why: "Both keys set the same limit. Compose rejects the file instead of choosing a value.",
            how: "Keep one of the two keys.",
            fix: "It removes the key beside `image`.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    mem_limit: 256m\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n",
        },
        Page {
            code: "container-name-duplicate",
            severity: Error,
            what: "Two services have the same `container_name`. Not reported if their profiles never run together.",
            why: "The engine gives a name to one container only. Compose rejects the file.",
            how: "Choose another name, or remove the key: Compose makes a name of the project, the service and a number.",
            fix: "It removes the name from the second service.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    container_name: shop\n  api:\n    image: nginx:1.27\n    container_name: shop\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    container_name: shop\n  api:\n    image: nginx:1.27\n",
        },
        Page {
            code: "replicas-with-container-name",
            severity: Error,
            what: "A service with several containers has a fixed name.",
            why: "Only one container can have the name. Compose rejects the file.",
            how: "Remove `container_name`, or run a single container.",
            fix: "It removes the name.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    container_name: shop\n    deploy:\n      replicas: 3\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    deploy:\n      replicas: 3\n",
        },
        Page {
            code: "replicas-with-host-port",
            severity: Error,
            what: "A service with several containers has too few host ports.",
            why: "The first container takes the port, and the others do not start.",
            how: "Write only the container port, publish a range with a port for each container, or put a proxy in front and \
                  publish its port.",
            fix: "It removes the host port, so that the engine chooses one for each container.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080:80\"\n    deploy:\n      replicas: 3\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080-8082:80\"\n    deploy:\n      replicas: 3\n",
        },
    ],
};
