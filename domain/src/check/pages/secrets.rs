//! Passwords, secrets and other values that come from outside the file.

use super::{Chapter, Page};
use crate::finding::Severity::{Error, Hint};

pub const CHAPTER: Chapter = Chapter {
    title: "Secrets and variables",
    pages: &[
        Page {
            code: "setting-required",
            severity: Error,
            what: "An image of the catalogue has none of the settings without which it does not start, such as the password of a \
                   database. Not reported with `env_file`, `extends`, `build`, another `entrypoint` or command, and data in an \
                   external volume.",
            why: "The program in the container prints what is missing and ends. With a restart policy it does so again and again.",
            how: "Set one of the variables that the text of the finding names. Keep the value in `.env` and refer to it.",
            fix: "It sets the variable to a reference such as `${POSTGRES_PASSWORD}`, whose value belongs into `.env`.",
            wrong: "services:\n  db:\n    image: postgres:17\n",
            right: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}\n",
        },
        Page {
            code: "secret-in-plain-text",
            severity: Hint,
            what: "A variable whose name suggests a secret has a literal value, or a URL contains a password. The text never \
                   repeats the value.",
            why: "Everyone who can read the file can read the secret: in the repository, in its history, and in every copy that \
                  is sent around.",
            how: "Write `${NAME}` in the file and the value in `.env`, which stays out of the repository, or use `secrets`. \
                  Replace a secret that was already published.",
            fix: "It moves the value to `.env` beside the file and leaves `${NAME}`. One click can do so for all secrets of the \
                  file.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    environment:\n      API_TOKEN: hunter2\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    environment:\n      API_TOKEN: ${API_TOKEN}\n",
        },
        Page {
            code: "variable-unset",
            severity: Hint,
            what: "`${NAME}` has neither a default nor a value beside the file (kept with the project; for `stacker check`, in \
                   `.env`): its value comes from outside, or it is empty. Reported once for each variable, at its first use.",
            why: "If the value is missing where the stack starts, Compose prints a warning and goes on with an empty text: an \
                  image loses its tag, a password is empty.",
            how: "Write `${NAME:-default}` for a default, `${NAME:?reason}` to stop without a value, or put the value in `.env`.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:${NGINX_TAG}\n",
            right: "services:\n  web:\n    image: nginx:${NGINX_TAG:-1.27}\n",
        },
        Page {
            code: "source-conflict",
            severity: Error,
            what: "A secret or config comes from two places, such as `file` and `environment`.",
            why: "Only one of them could count. Compose rejects the file.",
            how: "Keep the key that has the value you want.",
            fix: "It removes the second key.",
            wrong: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/password\n    secrets: [password]\nsecrets:\n  password:\n    file: ./password.txt\n    environment: DB_PASSWORD\n",
            right: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/password\n    secrets: [password]\nsecrets:\n  password:\n    file: ./password.txt\n",
        },
        Page {
            code: "source-missing",
            severity: Error,
            what: "A secret is not external and comes from nowhere: `external` is `false`, or `environment` is empty.",
            why: "There is nothing to give to the service. Compose rejects the file.",
            how: "Name a `file`, or the `environment` variable that holds the value.",
            fix: "",
            wrong: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/password\n    secrets: [password]\nsecrets:\n  password:\n    environment: \"\"\n",
            right: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/password\n    secrets: [password]\nsecrets:\n  password:\n    environment: DB_PASSWORD\n",
        },
    ],
};
