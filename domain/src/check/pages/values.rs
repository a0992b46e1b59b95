//! Keys and values that the Compose Specification does not have.

use super::{Chapter, Page};
use crate::finding::Severity::{Error, Hint, Warning};

pub const CHAPTER: Chapter = Chapter {
    title: "Keys and values",
    pages: &[
        Page {
            code: "unknown-key",
            severity: Error,
            what: "The Compose Specification does not have this key. Keys that start with `x-` belong to the author.",
            why: "Compose rejects the file. What the key was meant to set would not be set either.",
            how: "Correct the spelling, or move the key to where it belongs. Put `x-` in front of a key of your own.",
            fix: "It renames the key, if a known key is close to it and is not there yet.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    enviroment:\n      TZ: Europe/Berlin\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    environment:\n      TZ: Europe/Berlin\n",
        },
        Page {
            code: "key-missing",
            severity: Error,
            what: "A mapping lacks a key that it needs, such as `condition` of a dependency in the long form.",
            why: "Compose rejects the file, because it does not guess the value.",
            how: "Add the key, or use the short form where there is one.",
            fix: "It adds the usual value, if there is one: `service_started` for `condition`, the kind of the source for `type`, \
                  the other limit for `soft` and `hard`.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db: {}\n  db:\n    image: redis:7.4\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db:\n        condition: service_started\n  db:\n    image: redis:7.4\n",
        },
        Page {
            code: "service-outside",
            severity: Error,
            what: "A key of the top level describes a service, which belongs below `services`.",
            why: "Compose does not look for services there and rejects the file.",
            how: "Indent the service and put it below `services:`.",
            fix: "It moves the service there with its comments, and all other services that are outside with it.",
            wrong: "services:\n  web:\n    image: nginx:1.27\ndb:\n  image: redis:7.4\n",
            right: "services:\n  web:\n    image: nginx:1.27\n  db:\n    image: redis:7.4\n",
        },
        Page {
            code: "wrong-type",
            severity: Error,
            what: "The value has the wrong type, for instance a list instead of text, or nothing.",
            why: "Compose rejects the file. A number where text is wanted is rejected as well, although it looks right.",
            how: "Write the type that the text of the finding names. Quotes turn a number into text.",
            fix: "It puts the value in quotes, writes it as a list, or removes the empty key.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    user: 1000\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    user: \"1000\"\n",
        },
        Page {
            code: "value-invalid",
            severity: Error,
            what: "The value is not one of the fixed words of its key, or not in the format of its key: durations, sizes, CPUs, \
                   `pull_policy`, and others.",
            why: "Compose cannot read the value and rejects the file.",
            how: "Use one of the words, or the format, that the text of the finding names.",
            fix: "It writes the value that was probably meant, if one is close.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    stop_grace_period: 30\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    stop_grace_period: 30s\n",
        },
        Page {
            code: "value-unknown",
            severity: Error,
            what: "Compose accepts the value, but the engine does not know it: `restart: allways`, a signal, a capability, an \
                   address, a memory limit below 6 MB, and others.",
            why: "The file looks fine until the container is created. The engine then refuses it, and the service does not start.",
            how: "Use one of the values that the text of the finding names.",
            fix: "It writes the value that was probably meant, if one is close.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    restart: allways\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    restart: always\n",
        },
        Page {
            code: "value-ignored",
            severity: Warning,
            what: "The value has no effect, such as an unknown `deploy.mode`.",
            why: "Compose and the engine ignore the value without a word, so the stack does not do what the file says.",
            how: "Use one of the values that the text of the finding names, or remove the key.",
            fix: "It writes the value that was probably meant, if one is close.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    deploy:\n      mode: glbal\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    deploy:\n      mode: global\n",
        },
        Page {
            code: "duplicate-entry",
            severity: Error,
            what: "A list in which Compose wants every entry once has one twice: `depends_on`, `networks`, `security_opt`, and \
                   others.",
            why: "Compose rejects the file.",
            how: "Remove one of the entries, or correct it if another name was meant.",
            fix: "It removes the second entry.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    depends_on: [db, db]\n  db:\n    image: redis:7.4\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    depends_on: [db]\n  db:\n    image: redis:7.4\n",
        },
        Page {
            code: "service-name",
            severity: Error,
            what: "A service name has characters other than letters, digits, `.`, `_` and `-`.",
            why: "The name becomes part of the names of containers and the name under which other services reach this one. \
                  Compose rejects the file.",
            how: "Write a hyphen instead of the other characters, and rename the service wherever it is mentioned.",
            fix: "",
            wrong: "services:\n  my shop:\n    image: nginx:1.27\n",
            right: "services:\n  my-shop:\n    image: nginx:1.27\n",
        },
        Page {
            code: "name-invalid",
            severity: Error,
            what: "The name of a volume, secret or config has characters other than letters, digits, `.`, `_` and `-`.",
            why: "Compose rejects the file.",
            how: "Write a hyphen instead of the other characters, and rename it wherever a service mentions it.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27\nvolumes:\n  my data:\n",
            right: "services:\n  web:\n    image: nginx:1.27\nvolumes:\n  my-data:\n",
        },
        Page {
            code: "volume-invalid",
            severity: Error,
            what: "An entry of `volumes` of a service is not a valid mount: a part of it is empty, or the path inside the \
                   container is missing.",
            why: "Compose does not know what to mount where, and rejects the file.",
            how: "Write `name:/path` for a named volume and `./folder:/path` for a folder. In the long form, set `target`.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - \"data:\"\nvolumes:\n  data:\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - data:/data\nvolumes:\n  data:\n",
        },
        Page {
            code: "environment-key-trimmed",
            severity: Hint,
            what: "Project forms only: spaces around the name of a variable were removed.",
            why: "No program looks for a variable whose name begins or ends with a space. The name without them is used from now \
                  on.",
            how: "Nothing is left to do. Save the form to keep the corrected name.",
            fix: "",
            wrong: "",
            right: "",
        },
    ],
};
