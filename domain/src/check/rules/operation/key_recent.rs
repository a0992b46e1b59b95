//! Keys that older versions of Compose reject.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::recent_keys,
    finding::Severity,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("key-recent").strict()], look };

fn look(input: &mut CheckInput<'_>) {
    for recent in recent_keys(&input.model.root) {
        let message = format!(
            "Compose reads `{}` in {} since {}: an older one rejects the file.",
            recent.key, recent.owner, recent.since
        );
        input.add(input.finding("key-recent", Severity::Hint, recent.place, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{
            check,
            testing::{all, none, one},
        },
        stack::Stack,
    };

    const TEXT: &str = "services:\n  a:\n    image: a:1\n    gpus: all\n    env_file: [{path: a, format: raw}]\n  b:\n    image: a:1\n    gpus: all\n";

    #[test]
    fn a_recent_key_is_reported_once_with_the_version_and_only_when_strict() {
        assert!(check(&Stack::read(TEXT)).iter().all(|finding| finding.code != "key-recent"));
        let said: Vec<_> = all(TEXT, "key-recent").into_iter().map(|finding| finding.message).collect();
        assert_eq!(
            said,
            [
                "Compose reads `gpus` in a service since 2.30.0: an older one rejects the file.",
                "Compose reads `format` in an entry of `env_file` since 2.30.0: an older one rejects the file.",
            ]
        );
    }

    #[test]
    fn a_key_that_only_newer_versions_read_is_a_hint_and_no_unknown_key() {
        let text = "services:\n  a:\n    image: a:1\n    pre_start: [{command: b}]\n";
        let finding = one(text, "key-newer");
        assert!(finding.message.contains("since 5.3.0"), "{}", finding.message);
        none(text, "unknown-key");
        one(&text.replace("pre_start", "pre_starts"), "unknown-key");
    }
}
