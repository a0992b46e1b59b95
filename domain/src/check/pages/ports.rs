//! Ports of the host.

use super::{Chapter, Page};
use crate::finding::Severity::{Error, Hint};

pub const CHAPTER: Chapter = Chapter {
    title: "Ports",
    pages: &[
        Page {
            code: "host-port-conflict",
            severity: Error,
            what: "Two mappings publish the same host port. Ranges, protocols, addresses (`0.0.0.0` and `::` stand for every \
                   address of their family, no address for all) and profiles are taken into account.",
            why: "The engine gives a host port to one container only. The container that comes second does not start, and which \
                  one that is can change from start to start.",
            how: "Give one of them another host port, the number before the colon. Services that only other services of the stack \
                  talk to need no host port at all.",
            fix: "It publishes the next host port that is free in this file.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    ports: [\"8080:80\"]\n  admin:\n    image: nginx:1.27\n    ports: [\"8080:80\"]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    ports: [\"8080:80\"]\n  admin:\n    image: nginx:1.27\n    ports: [\"8081:80\"]\n",
        },
        Page {
            code: "port-duplicate",
            severity: Hint,
            what: "A service has exactly the same port mapping twice.",
            why: "Compose publishes the port once, so nothing fails today. If one entry is changed later, the other one stays \
                  behind and keeps the old port open.",
            how: "Remove one of the entries.",
            fix: "It removes the second entry.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080:80\"\n      - \"8080:80\"\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080:80\"\n",
        },
        Page {
            code: "port-invalid",
            severity: Error,
            what: "An entry of `ports` is not a port mapping. The basis is runtime if Compose accepts the entry and only the \
                   engine refuses it, such as a container port above 65535 in the long form.",
            why: "Compose rejects the file, or the container cannot be created. The port can't be reached.",
            how: "Write `host:container`, such as `8080:80` or `53:53/udp`. An address goes in front: `127.0.0.1:8080:80`.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    ports: [\"http:80\"]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    ports: [\"8080:80\"]\n",
        },
    ],
};
