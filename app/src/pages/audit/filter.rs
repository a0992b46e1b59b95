//! The form that filters the audit log.

use domain::audit::{AREAS, AuditOutcome, AuditQuery, words_of};
use leptos::prelude::*;
use leptos_router::components::Form;

use crate::components::{Button, Look, Select, TextInput};

#[component]
pub(super) fn AuditFilterForm(
    query: AuditQuery,
    /// Whether the log contains lines of several users, so that filtering by user is useful.
    by_user: bool,
) -> impl IntoView {
    let is_filtered = !query.is_empty();
    let AuditQuery { user, action, outcome, from, to, text } = query;
    let (actions, outcomes) = (actions(&action), outcomes());
    view! {
        <Form method="get" action="/audit" attr:role="search" attr:class="flex flex-col gap-3 rounded-panel bg-panel p-4 hairline">
            <div class="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
                <Select id="audit-action" label="Action" name="action" options=actions value=Signal::stored(action) />
                <Select id="audit-outcome" label="Outcome" name="outcome" options=outcomes value=Signal::stored(outcome) />
                {by_user.then(|| view! { <TextInput id="audit-user" label="User" name="user" value=user placeholder="User id" /> })}
                <TextInput id="audit-from" label="From (UTC)" name="from" kind="date" value=from />
                <TextInput id="audit-to" label="To (UTC)" name="to" kind="date" value=to />
                <TextInput id="audit-text" label="Contains" name="text" kind="search" value=text placeholder="Name, address or deployment" />
            </div>
            <div class="flex flex-wrap justify-end gap-2">
                {is_filtered
                    .then(|| {
                        view! {
                            <a class=Look::Quiet.class() href="/audit">
                                "Show everything"
                            </a>
                        }
                    })}
                <Button look=Look::Primary kind="submit">
                    "Show"
                </Button>
            </div>
        </Form>
    }
}

/// The areas to choose from. A URL may also name a single action, which is then offered too.
fn actions(chosen: &str) -> Vec<(String, String)> {
    let all = [(String::new(), "Everything".to_owned())];
    let areas = AREAS.iter().map(|(area, words)| ((*area).to_owned(), (*words).to_owned()));
    let is_area = chosen.is_empty() || AREAS.iter().any(|(area, _)| *area == chosen);
    let single = (!is_area).then(|| (chosen.to_owned(), words_of(chosen).unwrap_or(chosen).to_owned()));
    all.into_iter().chain(single).chain(areas).collect()
}

fn outcomes() -> Vec<(String, String)> {
    let all = [(String::new(), "Any".to_owned())];
    let each = AuditOutcome::ALL.map(|outcome| (outcome.as_str().to_owned(), outcome.as_str().to_owned()));
    all.into_iter().chain(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_action_in_the_url_stays_selected() {
        let values = |chosen| actions(chosen).into_iter().map(|(value, _)| value).collect::<Vec<_>>();
        assert_eq!(values("client").len(), AREAS.len() + 1);
        assert_eq!(values("client.deleted")[1], "client.deleted");
    }
}
