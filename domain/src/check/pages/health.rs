//! Health checks, and services that wait for them.

use super::{Chapter, Page};
use crate::finding::Severity::{Error, Warning};

pub const CHAPTER: Chapter = Chapter {
    title: "Health checks",
    pages: &[
        Page {
            code: "healthy-without-check",
            severity: Warning,
            what: "`service_healthy` refers to a service without a health check. Its image may contain one, which the file does \
                   not show.",
            why: "If the image has no health check either, the other service never counts as healthy, and the service that waits \
                  for it does not start.",
            how: "Add a `healthcheck` to the service that is waited for.",
            fix: "It waits only until the other service has started.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: redis:7.4\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: redis:7.4\n    healthcheck:\n      test: [CMD, redis-cli, ping]\n",
        },
        Page {
            code: "healthy-check-disabled",
            severity: Error,
            what: "`service_healthy` refers to a service whose health check is disabled.",
            why: "Without a check the other service never counts as healthy, and the service that waits for it does not start.",
            how: "Enable the health check, or use `service_started`.",
            fix: "It waits only until the other service has started.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: redis:7.4\n    healthcheck:\n      disable: true\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: redis:7.4\n    healthcheck:\n      test: [CMD, redis-cli, ping]\n",
        },
        Page {
            code: "healthcheck-string-cmd",
            severity: Error,
            what: "The test of a health check is a string that begins with `CMD`, `CMD-SHELL` or `NONE`, which have a meaning \
                   only in a list.",
            why: "The shell looks for a program of that name, and there is none. Every check fails, the container is unhealthy \
                  for ever, and services that wait for its health do not start.",
            how: "Write the test as a list, or leave the word out: a string is always run by the shell.",
            fix: "It writes the test as a list, with `CMD-SHELL` if the command needs a shell.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: CMD curl -f http://localhost\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost\"]\n",
        },
        Page {
            code: "healthcheck-list-start",
            severity: Error,
            what: "The test of a health check is a list that begins with none of `CMD`, `CMD-SHELL` and `NONE`.",
            why: "The first word of the list says how the others are run. Compose rejects the file without it.",
            how: "Put `CMD` in front for a program with its arguments, or `CMD-SHELL` for one line that needs a shell.",
            fix: "It puts `CMD` in front.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: [curl, -f, http://localhost]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost\"]\n",
        },
    ],
};
