//! Networks between services, and services without one of their own.

use super::{Chapter, Page};
use crate::finding::Severity::Error;

pub const CHAPTER: Chapter = Chapter {
    title: "Networks",
    pages: &[
        Page {
            code: "network-unknown",
            severity: Error,
            what: "A service joins a network that is not declared.",
            why: "Compose rejects the file. It creates only networks that stand below `networks` of the top level.",
            how: "Declare the network, or correct the name. Set `external: true` if it exists already.",
            fix: "It declares the network.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    networks: [back]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    networks: [back]\n\nnetworks:\n  back:\n",
        },
        Page {
            code: "no-shared-network",
            severity: Error,
            what: "A service names another one in a value, a command, its health check or `links`, or waits for it, and shares no \
                   network with it. A warning if only `depends_on` names it. Not reported if the name may resolve to something \
                   else: with `network_mode`, `extends`, `dns`, `extra_hosts`, an external network, another service with that \
                   alias, or a default that the environment can replace.",
            why: "Services find each other by name only inside a network that both have joined. The program starts, does not find \
                  the other service, and fails or waits for ever.",
            how: "Let both services join one network. Services without `networks` are in `default`.",
            fix: "It lets the service join a network of the other one.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    networks: [front]\n    environment:\n      REDIS_HOST: db\n  db:\n    image: redis:7.4\n    networks: [back]\nnetworks:\n  front:\n  back:\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    networks: [front, back]\n    environment:\n      REDIS_HOST: db\n  db:\n    image: redis:7.4\n    networks: [back]\nnetworks:\n  front:\n  back:\n",
        },
        Page {
            code: "network-mode-unknown",
            severity: Error,
            what: "`network_mode: service:…` names a service that does not exist.",
            why: "There is no container whose network could be shared. Compose rejects the file.",
            how: "Correct the name, or remove `network_mode`: services in one network reach each other without it.",
            fix: "It removes `network_mode`.",
            wrong: "services:\n  vpn:\n    image: linuxserver/wireguard:1.0.20210914\n  web:\n    image: nginx:1.27\n    network_mode: service:vnp\n",
            right: "services:\n  vpn:\n    image: linuxserver/wireguard:1.0.20210914\n  web:\n    image: nginx:1.27\n    network_mode: service:vpn\n",
        },
        Page {
            code: "network-mode-with-networks",
            severity: Error,
            what: "A service has both `network_mode` and `networks`.",
            why: "Each of them decides alone which network the container gets. Compose rejects the file.",
            how: "Keep `networks` if other services talk to this one by name, and `network_mode` otherwise.",
            fix: "It removes `network_mode`.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    network_mode: host\n    networks: [back]\nnetworks:\n  back:\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    networks: [back]\nnetworks:\n  back:\n",
        },
        Page {
            code: "network-mode-with-ports",
            severity: Error,
            what: "A service without a network of its own publishes ports. An error with `service:…` and `container:…`; with \
                   `host` and `none` it is a warning on the basis of advice.",
            why: "Only the owner of a network can publish its ports. In the network of another container, the engine refuses to \
                  start the service; with `host` or `none`, it ignores the ports.",
            how: "Move `ports` to the service whose network is shared. With `host` or `none`, remove them.",
            fix: "It removes `ports`.",
            wrong: "services:\n  vpn:\n    image: linuxserver/wireguard:1.0.20210914\n  web:\n    image: nginx:1.27\n    network_mode: service:vpn\n    ports: [\"8080:80\"]\n",
            right: "services:\n  vpn:\n    image: linuxserver/wireguard:1.0.20210914\n    ports: [\"8080:80\"]\n  web:\n    image: nginx:1.27\n    network_mode: service:vpn\n",
        },
    ],
};
