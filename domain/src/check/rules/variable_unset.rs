//! Variables that have a value neither in the file nor beside it. They come from the environment, or they are empty.

use std::collections::BTreeMap;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Place, variables::Fallback},
    finding::Severity,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("variable-unset")], look };

/// Reports one finding for each variable, at its first use.
fn look(input: &mut CheckInput<'_>) {
    let mut uses: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for variable in &input.model.variables {
        if variable.fallback == Fallback::None && !input.values.has(&variable.name) {
            uses.entry(&variable.name).or_default().push(variable.place);
        }
    }
    for (name, places) in uses {
        if input.is_full() {
            return;
        }
        let Some((first, others)) = places.split_first() else { continue };
        let times = match others.len() {
            0 => String::new(),
            1 => " (used once more below)".to_owned(),
            more => format!(" (used {more} more times below)"),
        };
        let message = format!(
            "`{name}` has no value in this file{times}. Unless `.env` or the environment sets it, it is empty. Write \
             `${{{name}:-default}}` for a default, or `${{{name}:?reason}}` to require it."
        );
        let mut finding = input.finding("variable-unset", Severity::Hint, *first, message);
        if let Some(service) = input.model.service_at(first.start) {
            finding = finding.of_service(&service.name);
        }
        input.add(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{
            check,
            testing::{marked, none, one},
        },
        stack::{Stack, Values},
    };

    const CODE: &str = "variable-unset";

    #[test]
    fn a_variable_without_default_is_told_once() {
        let text = "services:\n  web:\n    image: nginx:${TAG}\n    environment:\n      VERSION: $TAG\n";
        let finding = one(text, CODE);
        assert_eq!((marked(text, &finding), finding.service.as_deref()), ("nginx:${TAG}", Some("web")));
        assert!(finding.message.contains("used once more"), "{}", finding.message);
    }

    #[test]
    fn a_variable_with_a_value_beside_the_file_needs_nothing() {
        let text = "services:\n  web:\n    image: nginx:${TAG}\n";
        let stack = Stack::read(text).with_values(Values::stored([("TAG".to_owned(), 1)]));
        assert_eq!(check(&stack), []);
    }

    #[test]
    fn defaults_reasons_and_dollar_signs_need_nothing() {
        for value in ["${TAG:-1}", "${TAG:?say which}", "${TAG:+x}", "$$TAG"] {
            none(
                &format!("services:\n  web:\n    image: a:1\n    environment:\n      TAG: '{value}'\n"),
                CODE,
            );
        }
    }
}
