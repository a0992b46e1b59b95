//! Images of services.

use super::{Chapter, Page};
use crate::finding::Severity::{Error, Warning};

pub const CHAPTER: Chapter = Chapter {
    title: "Images",
    pages: &[
        Page {
            code: "image-missing",
            severity: Error,
            what: "A service has neither `image` nor `build`, or its image is empty. Not reported with `extends` or `provider`.",
            why: "There is nothing to run. Compose rejects the file.",
            how: "Add an image such as `nginx:1.27`, or `build` with the folder that has the `Dockerfile`.",
            fix: "",
            wrong: "services:\n  web:\n    restart: always\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    restart: always\n",
        },
        Page {
            code: "image-invalid",
            severity: Error,
            what: "No registry can hold an image with this name. Names with variables are not checked.",
            why: "The engine refuses the name before it asks a registry, so the service does not start.",
            how: "Write `registry/name:tag` in lower case, such as `ghcr.io/acme/app:1.4`.",
            fix: "",
            wrong: "services:\n  web:\n    image: Nginx:1.27\n",
            right: "services:\n  web:\n    image: nginx:1.27\n",
        },
        Page {
            code: "image-unpinned",
            severity: Warning,
            what: "An image has neither a tag nor a digest. Not reported beside `build`, where `image` is only the name of the \
                   result.",
            why: "Without a tag the engine takes `latest`. The next pull may bring another version, on one machine earlier than \
                  on another, and after a failure it is unknown which version ran.",
            how: "Write the tag of a version, such as `nginx:1.27`, or a digest, which never changes.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx\n",
            right: "services:\n  web:\n    image: nginx:1.27\n",
        },
        Page {
            code: "image-latest",
            severity: Warning,
            what: "An image has the tag `latest`. Not reported beside `build`, or with a digest.",
            why: "The tag moves with every release. The next pull may bring another version, with a format of its data that the \
                  old one cannot read, and there is no tag to go back to.",
            how: "Write the tag of the version that runs now, and change it when you want another one.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:latest\n",
            right: "services:\n  web:\n    image: nginx:1.27\n",
        },
    ],
};
