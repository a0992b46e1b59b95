//! The order in which services start.

use super::{Chapter, Page};
use crate::finding::Severity::Error;

pub const CHAPTER: Chapter = Chapter {
    title: "Dependencies",
    pages: &[
        Page {
            code: "dependency-unknown",
            severity: Error,
            what: "`depends_on` names a service that does not exist. Not reported with `required: false`.",
            why: "Compose rejects the file, because it cannot start what it does not know.",
            how: "Correct the name, add the service, or remove the dependency. Set `required: false` if the service may be \
                  absent.",
            fix: "It removes the dependency.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    depends_on: [databse]\n  database:\n    image: redis:7.4\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    depends_on: [database]\n  database:\n    image: redis:7.4\n",
        },
        Page {
            code: "dependency-self",
            severity: Error,
            what: "A service depends on itself, also through `links`, `volumes_from`, `network_mode`, `ipc`, `pid` or `uts`.",
            why: "The service would have to run before it starts. Compose rejects the file.",
            how: "Name the service that was meant, or remove the entry.",
            fix: "It removes the dependency.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    depends_on: [web]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n",
        },
        Page {
            code: "dependency-cycle",
            severity: Error,
            what: "Services wait for each other in a circle; the text names the circle.",
            why: "None of them can start first. Compose rejects the file.",
            how: "Decide which service can start without the other, and remove its dependency. Let its program try again until \
                  the other service answers.",
            fix: "It removes the dependency that closes the circle.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    depends_on: [api]\n  api:\n    image: nginx:1.27\n    depends_on: [web]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    depends_on: [api]\n  api:\n    image: nginx:1.27\n",
        },
        Page {
            code: "dependency-condition",
            severity: Error,
            what: "The condition of a dependency is none of the three that Compose knows.",
            why: "Compose does not know what to wait for and rejects the file.",
            how: "Use `service_started`, `service_healthy` or `service_completed_successfully`.",
            fix: "It writes the condition that is closest.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db:\n        condition: started\n  db:\n    image: redis:7.4\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db:\n        condition: service_started\n  db:\n    image: redis:7.4\n",
        },
    ],
};
