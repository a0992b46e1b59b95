//! Writes the comment that switches one finding off.

use super::{
    comments::{MARK, entry_around, is_in_value},
    report_with,
};
use crate::{
    finding::{Basis, Finding},
    stack::Stack,
};

/// The text with a comment `# stacker: ignore CODE` for this finding: behind its line, or on a line above its entry if there is no
/// room. `None` if Compose itself rejects the file for it, or if no comment has that effect. `elsewhere` gives the findings that the
/// rules do not know, such as those about images.
pub fn ignoring(
    stack: &Stack,
    finding: &Finding,
    elsewhere: impl Fn(&Stack) -> Vec<Finding>,
) -> Option<String> {
    if finding.basis == Basis::Compose || !stack.is_readable() {
        return None;
    }
    let reported = |stack: &Stack| report_with(stack, &stack.canvas().checks, elsewhere(stack));
    let before = reported(stack);
    let ends = |text: &String| {
        let after = reported(&stack.with_text(text));
        let count = |findings: &[Finding]| findings.iter().filter(|one| one.code == finding.code).count();
        count(&after.findings) < count(&before.findings)
            && after.findings.len() < before.findings.len()
            && after.suppressed.len() > before.suppressed.len()
    };
    [behind(stack, finding), above(stack, finding)].into_iter().flatten().find(ends)
}

fn behind(stack: &Stack, finding: &Finding) -> Option<String> {
    let text = stack.text();
    let start = line_start(text, finding.place.start);
    let line = text.get(start..)?.split('\n').next()?.trim_end_matches('\r');
    let end = start + line.trim_end().len();
    let (head, rest) = (text.get(..end)?, text.get(end..)?);
    if let Some(comment) = line.find(" #") {
        // Another code in the comment that is there.
        let (before, words) = line.split_at(comment);
        let words = words.trim_start().trim_start_matches('#').trim_start();
        let words = words.strip_prefix(MARK)?.trim_start().strip_prefix("ignore ")?;
        let (codes, reason) = words.split_once(':').map_or((words, None), |(codes, why)| (codes, Some(why)));
        let reason = reason.map(|reason| format!(":{reason}")).unwrap_or_default();
        let line = format!("{before} # {MARK} ignore {}, {}{reason}", codes.trim(), finding.code);
        return Some(format!("{}{}{rest}", text.get(..start)?, line.trim_end()));
    }
    if is_in_value(stack.tree(), end) {
        return None;
    }
    Some(format!("{head} # {MARK} ignore {}{rest}", finding.code))
}

fn above(stack: &Stack, finding: &Finding) -> Option<String> {
    let text = stack.text();
    let start = line_start(text, entry_around(stack.tree(), finding.place.start)?);
    let (head, rest) = text.split_at_checked(start)?;
    let indent: String = rest.chars().take_while(|c| *c == ' ').collect();
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    Some(format!("{head}{indent}# {MARK} ignore {}{line_break}{rest}", finding.code))
}

fn line_start(text: &str, offset: usize) -> usize {
    text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check::check, finding::Severity};

    fn without(text: &str, code: &str) -> Option<String> {
        let stack = Stack::read(text);
        let finding = check(&stack).into_iter().find(|finding| finding.code == code).unwrap();
        ignoring(&stack, &finding, |_| Vec::new())
    }

    #[test]
    fn the_comment_stands_behind_the_line() {
        let text = "services:\r\n  web:\r\n    image: nginx\r\n";
        let after = without(text, "image-unpinned").unwrap();
        assert_eq!(after, "services:\r\n  web:\r\n    image: nginx # stacker: ignore image-unpinned\r\n");
    }

    #[test]
    fn a_comment_that_is_there_gets_another_code() {
        let text = "services:\n  web:\n    image: nginx # stacker: ignore volume-shared: it may\n";
        let after = without(text, "image-unpinned").unwrap();
        assert!(after.contains("nginx # stacker: ignore volume-shared, image-unpinned: it may\n"), "{after}");
    }

    #[test]
    fn beside_another_comment_it_stands_above() {
        let text = "services:\n  web:\n    image: nginx # the shop\n";
        let after = without(text, "image-unpinned").unwrap();
        assert_eq!(
            after,
            "services:\n  web:\n    # stacker: ignore image-unpinned\n    image: nginx # the shop\n"
        );
    }

    #[test]
    fn a_finding_from_elsewhere_is_ignored_too() {
        let elsewhere = |stack: &Stack| {
            let place = stack.model().service("web").unwrap().image.as_ref().unwrap().place;
            vec![Finding::new("image-newer-tag", (Severity::Hint, Basis::Advice), stack.text(), place, "…")]
        };
        let stack = Stack::read("services:\n  web:\n    image: nginx # the shop\n");
        let finding = elsewhere(&stack).remove(0);
        let after = ignoring(&stack, &finding, elsewhere).unwrap();
        assert!(
            after.contains("    # stacker: ignore image-newer-tag\n    image: nginx # the shop\n"),
            "{after}"
        );
        assert_eq!(ignoring(&stack, &finding, |_| Vec::new()), None);
    }

    #[test]
    fn what_compose_rejects_stays() {
        assert_eq!(without("services:\n  web:\n    image: a:1\n    ports: [x]\n", "port-invalid"), None);
    }
}
