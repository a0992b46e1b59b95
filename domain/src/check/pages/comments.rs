//! Comments that switch rules off, and the limit of the check itself.

use super::{Chapter, Page};
use crate::finding::Severity::{Hint, Warning};

pub const CHAPTER: Chapter = Chapter {
    title: "Comments and limits",
    pages: &[
        Page {
            code: "comment-unknown",
            severity: Warning,
            what: "A comment that begins with `stacker:` is not understood, names a code that does not exist, or names one that \
                   cannot be switched off because Compose itself rejects the file.",
            why: "The comment has no effect: what it was to switch off is still reported.",
            how: "Write `# stacker: ignore CODE: reason`, with `hint` or `warning` instead of `ignore` to lower the severity. \
                  Correct the code, or fix what Compose rejects.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx # stacker: ignore image-unpined: a page for tests\n",
            right: "services:\n  web:\n    image: nginx # stacker: ignore image-unpinned: a page for tests\n",
        },
        Page {
            code: "comment-unused",
            severity: Hint,
            what: "A comment switches off a code that nothing reports where the comment stands. Not reported if the profile \
                   leaves out all codes of the comment.",
            why: "The comment claims an exception that no longer exists. If the cause comes back, it comes back unseen.",
            how: "Remove the comment, or move it to the entry that it is about.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27 # stacker: ignore image-unpinned: a page for tests\n",
            right: "services:\n  web:\n    image: nginx:1.27\n",
        },
        Page {
            code: "more-findings",
            severity: Hint,
            what: "The rules stopped after 1,000 findings.",
            why: "Further mistakes of the file are not shown.",
            how: "Fix the findings that are shown, and check again.",
            fix: "",
            wrong: "",
            right: "",
        },
    ],
};
