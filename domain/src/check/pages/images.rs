use super::{Chapter, Page};
use crate::finding::Severity::Warning;

pub const CHAPTER: Chapter = Chapter {
    title: "Images",
    pages: &[Page {
        code: "image-unpinned",
        severity: Warning,
        what: "An image has neither a tag nor a digest.",
        why: "Without a tag the engine takes `latest`. The next pull may bring another version, on one machine earlier than on \
              another, and nobody can tell which version ran when something broke.",
        how: "Write the tag of a version, such as `nginx:1.27`, or a digest, which never changes.",
        fix: "",
        wrong: "services:\n  web:\n    image: nginx\n",
        right: "services:\n  web:\n    image: nginx:1.27\n",
    }],
};
