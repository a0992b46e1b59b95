//! What makes a text no compose file that can be read.

use super::{Chapter, Page};
use crate::finding::Severity::Error;

pub const CHAPTER: Chapter = Chapter {
    title: "Reading the file",
    pages: &[
        Page {
            code: "not-yaml",
            severity: Error,
            what: "The YAML is invalid. The place is where reading stopped, and the text says how to fix it. No rule looks at the \
                   file.",
            why: "Compose cannot read the file either, so none of its services starts. Other mistakes stay unseen until the file \
                  can be read.",
            how: "Look at the place and at the lines above it: often a bracket or a quote is never closed, a tab indents a line, \
                  or a line is indented differently from those beside it.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    ports: [\"8080:80\"\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    ports: [\"8080:80\"]\n",
        },
        Page {
            code: "too-large",
            severity: Error,
            what: "The text is larger than 1 MiB. This is a limit of Stacker: Compose reads such a file.",
            why: "Stacker reads nothing of the file: no rule looks at it, and the builder cannot show it.",
            how: "Move long texts, such as the content of configs, to files of their own and name them with `file`. Split the \
                  services into several files that one of them names under `include`.",
            fix: "",
            wrong: "",
            right: "",
        },
        Page {
            code: "several-documents",
            severity: Error,
            what: "The text has a second document after `---`. Compose merges the documents, Stacker reads one.",
            why: "Stacker would check only a part of what Compose runs. It checks nothing instead, and no rule looks at the file.",
            how: "Write everything in one document. Move the keys of the second one to the first.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27\n---\nservices:\n  db:\n    image: redis:7.4\n",
            right: "services:\n  web:\n    image: nginx:1.27\n  db:\n    image: redis:7.4\n",
        },
        Page {
            code: "too-many-aliases",
            severity: Error,
            what: "The aliases expand to more than 400,000 values, or the values are nested more than 128 levels deep. This is a \
                   limit of Stacker.",
            why: "A few lines of aliases that repeat other aliases can fill the memory of every program that reads them. Stacker \
                  stops reading, and no rule looks at the file.",
            how: "Let aliases refer to plain values instead of further aliases, and write out what is used only once.",
            fix: "",
            wrong: "x-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\nx-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nx-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nx-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\nx-e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nx-f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]\nservices:\n  web:\n    image: nginx:1.27\n",
            right: "x-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\nx-b: &b [*a, *a]\nservices:\n  web:\n    image: nginx:1.27\n",
        },
        Page {
            code: "alias-of-itself",
            severity: Error,
            what: "An alias is inside the value that it refers to.",
            why: "The value would contain itself without end. Compose rejects the file.",
            how: "Remove the alias, or give the value that was meant an anchor of its own.",
            fix: "",
            wrong: "services:\n  web: &web\n    image: nginx:1.27\n    labels: *web\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    labels:\n      team: shop\n",
        },
        Page {
            code: "not-a-compose-file",
            severity: Error,
            what: "The document is not a mapping but a list or a single value.",
            why: "Compose rejects the file: it looks for keys such as `services`, and there is none.",
            how: "Begin with `services:` and write the services below it, indented.",
            fix: "",
            wrong: "- web\n- db\n",
            right: "services:\n  web:\n    image: nginx:1.27\n  db:\n    image: redis:7.4\n",
        },
        Page {
            code: "duplicate-key",
            severity: Error,
            what: "A mapping has the same key twice. The findings inside the first entry are reported too, without a fix.",
            why: "Only one of the values could count, and it is unclear which one was meant. Compose rejects the file.",
            how: "Remove one of the entries, or join them if both are needed.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.26\n    image: nginx:1.27\n",
            right: "services:\n  web:\n    image: nginx:1.27\n",
        },
        Page {
            code: "yaml-version",
            severity: Error,
            what: "A line `%YAML` names another version than 1.1, which Compose does not read.",
            why: "Compose stops at this line and rejects the file.",
            how: "Remove the line: Compose needs none.",
            fix: "",
            wrong: "%YAML 1.2\n---\nservices:\n  web:\n    image: nginx:1.27\n",
            right: "services:\n  web:\n    image: nginx:1.27\n",
        },
        Page {
            code: "odd-key",
            severity: Error,
            what: "A key is not text: a number, `true`, a date, nothing, a list or a mapping.",
            why: "Compose wants text for every key and rejects the file.",
            how: "Put the key in quotes. If the part before the colon is empty, write the name that is missing.",
            fix: "",
            wrong: "services:\n  2048:\n    image: nginx:1.27\n",
            right: "services:\n  \"2048\":\n    image: nginx:1.27\n",
        },
        Page {
            code: "bad-merge",
            severity: Error,
            what: "The value of `<<` is neither a mapping nor a list of mappings.",
            why: "There are no keys to take over, so Compose rejects the file.",
            how: "Let the anchor stand before a mapping, and write `<<: *name` where its keys are wanted.",
            fix: "",
            wrong: "x-base: &base always\nservices:\n  web:\n    <<: *base\n    image: nginx:1.27\n",
            right: "x-base: &base\n  restart: always\nservices:\n  web:\n    <<: *base\n    image: nginx:1.27\n",
        },
        Page {
            code: "variable-invalid",
            severity: Error,
            what: "A dollar sign does not start a variable, as in `${1}` or in a `${` that is never closed.",
            why: "Compose replaces variables everywhere in the file before it uses a value. It rejects the file if it cannot read \
                  one.",
            how: "Write `${NAME}` for a variable of Compose. Write `$$` where the container is to see a dollar sign, as in a \
                  shell command.",
            fix: "",
            wrong: "services:\n  web:\n    image: nginx:1.27\n    command: sh -c 'echo ${1}'\n",
            right: "services:\n  web:\n    image: nginx:1.27\n    command: sh -c 'echo $${1}'\n",
        },
    ],
};
