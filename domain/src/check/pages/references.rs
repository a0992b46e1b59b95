//! Names of services, secrets, configs and models that do not exist.

use super::{Chapter, Page};
use crate::finding::Severity::Error;

pub const CHAPTER: Chapter = Chapter {
    title: "References",
    pages: &[
        Page {
            code: "service-unknown",
            severity: Error,
            what: "`volumes_from`, `ipc`, `pid`, `uts` or a build context names a service that does not exist.",
            why: "Compose rejects the file, because there is no container or image to take from.",
            how: "Correct the name, add the service, or remove the entry. `container:NAME` refers to a container outside the \
                  file.",
            fix: "It removes the entry.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    volumes_from: [stroage]\n  storage:\n    image: nginx:1.27\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    volumes_from: [storage]\n  storage:\n    image: nginx:1.27\n",
        },
        Page {
            code: "model-unknown",
            severity: Error,
            what: "A service uses a model that is not declared.",
            why: "Compose rejects the file. It provides only models that stand below `models` of the top level.",
            how: "Declare the model with the name of its image, or correct the name.",
            fix: "It removes the entry.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    models: [llm]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    models: [llm]\nmodels:\n  llm:\n    model: ai/smollm2\n",
        },
        Page {
            code: "secret-unknown",
            severity: Error,
            what: "A service or its build uses a secret that is not declared.",
            why: "Compose rejects the file, because it does not know where the secret comes from.",
            how: "Declare the secret with a `file`, an `environment` variable or `external: true`, or correct the name.",
            fix: "It declares the secret from a file below `secrets`. In a build, it removes the entry.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    secrets: [token]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    secrets: [token]\n\nsecrets:\n  token:\n    file: ./secrets/token.txt\n",
        },
        Page {
            code: "config-unknown",
            severity: Error,
            what: "A service uses a config that is not declared.",
            why: "Compose rejects the file, because it does not know where the config comes from.",
            how: "Declare the config with a `file`, its `content`, an `environment` variable or `external: true`, or correct the \
                  name.",
            fix: "It declares the config from a file beside the compose file.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    configs: [site.conf]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    configs: [site.conf]\n\nconfigs:\n  site.conf:\n    file: ./site.conf\n",
        },
        Page {
            code: "link-unknown",
            severity: Error,
            what: "`links` names a service that does not exist.",
            why: "Compose rejects the file, because it starts linked services first and does not know this one.",
            how: "Correct the name, or remove the link: services in one network reach each other by name without it.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    links: [databse]\n  database:\n    image: redis:7.4\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    links: [database]\n  database:\n    image: redis:7.4\n",
        },
        Page {
            code: "extends-unknown",
            severity: Error,
            what: "`extends` names no other file, and a service that is not in this one, or the service itself.",
            why: "There is nothing to take over. Compose rejects the file.",
            how: "Correct the name, or add `file` with the file that has the service.",
            fix: "",
            wrong: "services:\n  web:\n    extends: bsae\n  base:\n    image: nginx:1.27\n",
            right: "services:\n  web:\n    extends: base\n  base:\n    image: nginx:1.27\n",
        },
    ],
};
