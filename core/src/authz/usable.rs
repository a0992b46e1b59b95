//! Which rows of `casbin_rule` are valid. An invalid row is skipped, logged and shown to operators. Rules only allow, so skipping
//! one grants nothing; passing it to casbin could block every request.

use crate::db::casbin_rules::Rule;

/// Characters with a special meaning in regular expressions. Casbin compiles a pattern to a regular expression, so with one of
/// these the pattern would match other paths than it seems to, or be invalid.
const NOT_IN_PATTERNS: &[char] = &['(', ')', '[', ']', '{', '}', '|', '\\', '^', '$', '?', '+'];

/// What is wrong with the row, for people; `None` if it is valid.
pub fn problem(rule: &Rule) -> Option<&'static str> {
    match (rule.ptype.as_str(), rule.values.as_slice()) {
        ("p", [subject, pattern, method]) => {
            if [subject, pattern, method].iter().any(|value| value.is_empty()) {
                Some("subject, path and method must not be empty")
            } else if !pattern.starts_with('/') {
                Some("a path must begin with a slash")
            } else {
                pattern_problem(pattern)
            }
        }
        ("p", _) => Some("a rule needs a subject, a path and a method"),
        ("g", [member, group]) if !member.is_empty() && !group.is_empty() => None,
        ("g", _) => Some("a membership needs a member and a group"),
        _ => Some("only the types p and g are used"),
    }
}

pub fn pattern_problem(pattern: &str) -> Option<&'static str> {
    pattern.contains(NOT_IN_PATTERNS).then_some(
        "a path can contain names like :id and end with /*; brackets and other special characters are not supported",
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("p", &["group_user", "/project/:id", "GET"], true)]
    #[case("p", &["group_user", "/stacker/*", "GET"], true)]
    #[case("g", &["user", "group_user"], true)]
    #[case("p", &["group_user", "/project"], false)]
    #[case("p", &["group_user", "/project", "GET", "allow"], false)]
    #[case("p", &["", "/project", "GET"], false)]
    #[case("p", &["group_user", "/project/{id}", "GET"], false)]
    #[case("p", &["group_user", "/project/(", "GET"], false)]
    #[case("p", &["group_user", "*", "GET"], false)]
    #[case("p", &["group_user", "/a|/b", "GET"], false)]
    #[case("g", &["user"], false)]
    #[case("g", &["user", "group_user", "domain"], false)]
    #[case("p2", &["group_user", "/project", "GET"], false)]
    fn a_row_that_casbin_would_stumble_over_is_told_from_a_rule(
        #[case] ptype: &str,
        #[case] values: &[&str],
        #[case] is_usable: bool,
    ) {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let rule = Rule { id: 1, ptype: ptype.to_owned(), values };
        assert_eq!(problem(&rule).is_none(), is_usable);
    }
}
