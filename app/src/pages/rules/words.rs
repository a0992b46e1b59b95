//! Rules in words.

use domain::api::AllowRule;

/// `group_user may send PUT /project/:id`
pub(super) fn allows(rule: &AllowRule) -> String {
    format!("{} may send {} {}", rule.subject, rule.action, rule.object)
}

/// `root is a member of group_admin, which is a member of group_user`. `None` for a rule that names the subject itself.
pub(super) fn membership(chain: &[String]) -> Option<String> {
    let (first, groups) = chain.split_first()?;
    if groups.is_empty() {
        return None;
    }
    Some(format!("{first} is a member of {}", groups.join(", which is a member of ")))
}

/// The path pattern of a rule about this route: `/project/:id` for `/project/{id}`.
pub(super) fn pattern_of(route: &str) -> String {
    route.replace('{', ":").replace('}', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_reads_from_the_subject_to_the_rule() {
        let chain =
            |names: &[&str]| membership(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(chain(&["group_user"]), None);
        let two = "root is a member of group_admin, which is a member of group_user";
        assert_eq!(chain(&["root", "group_admin", "group_user"]).as_deref(), Some(two));
    }

    #[test]
    fn a_route_has_the_pattern_of_its_rules() {
        assert_eq!(pattern_of("/project/{id}/deploy/{cloud_id}"), "/project/:id/deploy/:cloud_id");
    }
}
