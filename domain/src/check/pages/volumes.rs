//! Volumes and what is mounted where.

use super::{Chapter, Page};
use crate::finding::Severity::{Error, Warning};

pub const CHAPTER: Chapter = Chapter {
    title: "Volumes",
    pages: &[
        Page {
            code: "volume-unknown",
            severity: Error,
            what: "A service mounts a named volume that is not declared. A path without `./` in front, such as `data/db`, counts \
                   as a name.",
            why: "Compose rejects the file. It creates only volumes that stand below `volumes` of the top level.",
            how: "Declare the volume, or write `./` in front for a folder beside the file.",
            fix: "It declares the volume, writes `./` in front of a path, or writes `type: bind` where the long form has a path.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    volumes: [\"data:/data\"]\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    volumes: [\"data:/data\"]\n\nvolumes:\n  data:\n",
        },
        Page {
            code: "volume-drive-letter",
            severity: Error,
            what: "A short mount begins with one letter and a colon, such as `v:/data`.",
            why: "Compose reads the letter as a drive of Windows: `v:/data` is then one path, not the volume `v` at `/data`. An \
                  engine on Linux refuses it, and the volume is never used.",
            how: "Give the volume a name of two letters or more, or write the mount in the long form.",
            fix: "It writes the mount in the long form.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    volumes: [\"v:/data\"]\nvolumes:\n  v:\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    volumes: [{type: volume, source: v, target: /data}]\nvolumes:\n  v:\n",
        },
        Page {
            code: "mount-twice",
            severity: Error,
            what: "A `tmpfs` is on the path of another mount of the service.",
            why: "A path can hold one thing only. Compose rejects the file.",
            how: "Keep the volume if the files must outlive the container, and the `tmpfs` if they must not. Or mount one of them \
                  elsewhere.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    volumes: [\"cache:/cache\"]\n    tmpfs: /cache\nvolumes:\n  cache:\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    tmpfs: /cache\n",
        },
        Page {
            code: "mount-hidden",
            severity: Warning,
            what: "A service mounts two volumes on one path: Compose takes the last one.",
            why: "The first volume is not mounted. Its files stay where they are, and the program starts without them as if they \
                  were lost.",
            how: "Remove the mount that is not meant, or change its path inside the container.",
            fix: "It removes the mount that has no effect.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - \"old:/data\"\n      - \"new:/data\"\nvolumes:\n  old:\n  new:\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    volumes:\n      - \"new:/data\"\nvolumes:\n  old:\n  new:\n",
        },
        Page {
            code: "external-conflict",
            severity: Error,
            what: "An external volume has settings, which belong to where it is created, or two names.",
            why: "An external volume exists before the stack, so Compose cannot give it a driver or labels. It rejects the file.",
            how: "Remove the settings, or remove `external` to let Compose create the volume.",
            fix: "It removes the setting, or the second name.",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    volumes: [\"data:/data\"]\nvolumes:\n  data:\n    external: true\n    driver: local\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    volumes: [\"data:/data\"]\nvolumes:\n  data:\n    external: true\n",
        },
    ],
};
