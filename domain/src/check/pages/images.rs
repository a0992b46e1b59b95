//! Images of services.

use super::{Chapter, Page};
use crate::finding::Severity::{Error, Hint, Warning};

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
        Page {
            code: "image-not-found",
            severity: Error,
            what: "The registry has the image, and not the tag or digest that is written. Reported only where registries are asked: \
                   in the builder, a while after the text was changed, by `POST /project/{id}/images/check` and before a \
                   deployment. An image that is private, misspelt or in a registry that does not answer is not reported.",
            why: "The host cannot pull it, so the service does not start. A deployment to a cloud is refused.",
            how: "Choose a tag that exists: in the builder, with “Choose a tag” beside the image.",
            fix: "",
            wrong: "",
            right: "",
        },
        Page {
            code: "image-no-platform",
            severity: Warning,
            what: "The image has no version for a platform: the one that was asked about, or, as a hint in the builder, \
                   `linux/amd64` or `linux/arm64`. Reported only where registries are asked and tell.",
            why: "A host of that kind cannot start it. Machines with ARM processors, such as a Raspberry Pi and the cheaper machines \
                  of many clouds, need `linux/arm64`.",
            how: "Choose an image or a tag that has the platform, or a host of another kind. If your hosts are all of the right \
                  kind, switch the code off in this stack.",
            fix: "",
            wrong: "",
            right: "",
        },
        Page {
            code: "image-newer-tag",
            severity: Hint,
            what: "The registry has a newer tag of the same line: the same text around the version, and the same first number. \
                   Reported only where registries are asked.",
            why: "Newer versions of a line mend faults and close holes, and seldom break anything.",
            how: "Read what has changed, then write the newer tag.",
            fix: "It writes the newer tag.",
            wrong: "",
            right: "",
        },
    ],
};
