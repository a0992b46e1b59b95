//! One line of the audit log.

use domain::audit::{AuditLine, AuditOutcome, words_of};
use leptos::prelude::*;
use serde_json::Value;

use crate::components::{Moment, Precision, State, Status};

#[component]
pub(super) fn AuditRow(line: AuditLine) -> impl IntoView {
    let who = who(&line);
    let details = details(&line);
    let AuditLine { at, address, action, outcome, .. } = line;
    let words = words_of(&action).map_or_else(|| action.clone(), str::to_owned);
    let from = address.unwrap_or_else(|| "–".to_owned());
    let status = move || view! { <Status state=state_of(outcome) word=outcome.as_str().to_owned() /> };
    view! {
        <tr class="border-t border-line align-top first:border-t-0" data-testid="audit-line">
            <th scope="row" class="px-4 py-2 font-medium wrap-anywhere">
                {words} <span class="block font-mono text-caption font-normal text-muted">{action}</span>
                <span class="block text-caption font-normal text-muted empty:hidden">{details}</span>
                // On narrow screens this column also shows the others, which are hidden there.
                <div class="mt-1 flex flex-col gap-0.5 font-normal text-muted sm:hidden">
                    {status()} <span class="wrap-anywhere">{who.clone()}</span>
                    <span class="font-mono text-caption wrap-anywhere">{from.clone()}</span>
                    <span class="text-caption">
                        <Moment at precision=Precision::Second />
                    </span>
                </div>
            </th>
            <td class="px-4 py-2 max-sm:hidden">{status()}</td>
            <td class="px-4 py-2 wrap-anywhere max-sm:hidden">{who}</td>
            <td class="px-4 py-2 font-mono text-caption wrap-anywhere max-sm:hidden">{from}</td>
            <td class="tabular px-4 py-2 text-caption whitespace-nowrap text-muted max-sm:hidden">
                <Moment at precision=Precision::Second />
            </td>
        </tr>
    }
}

fn state_of(outcome: AuditOutcome) -> State {
    match outcome {
        AuditOutcome::Success => State::Ok,
        AuditOutcome::Failed => State::Error,
        AuditOutcome::Refused => State::Warn,
    }
}

fn who(line: &AuditLine) -> String {
    match (&line.user_id, line.client_id, line.agent_id) {
        (Some(user), Some(client), _) => format!("{user}, by API client {client}"),
        (Some(user), None, _) => user.clone(),
        (None, _, Some(agent)) => format!("agent {agent}"),
        (None, _, None) if line.address.is_some() => "unknown".to_owned(),
        (None, _, None) => "the server".to_owned(),
    }
}

/// "name: billing · client_id: 7"
fn details(line: &AuditLine) -> String {
    let text_of = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(list) if list.is_empty() => None,
        other => Some(other.to_string()),
    };
    let object = line.details.as_object();
    let parts =
        object.into_iter().flatten().filter_map(|(name, value)| Some(format!("{name}: {}", text_of(value)?)));
    let deployment = line.deployment_hash.as_ref().map(|hash| format!("deployment: {hash}"));
    parts.chain(deployment).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    fn line() -> AuditLine {
        AuditLine {
            id: 1,
            at: DateTime::UNIX_EPOCH,
            user_id: None,
            client_id: None,
            agent_id: None,
            address: None,
            action: "client.deleted".to_owned(),
            outcome: AuditOutcome::Success,
            owner_id: None,
            deployment_hash: None,
            details: json!({}),
        }
    }

    #[test]
    fn the_actor_is_named_as_far_as_it_is_known() {
        let ada = || Some("ada".to_owned());
        assert_eq!(who(&line()), "the server");
        assert_eq!(who(&AuditLine { address: Some("::1".to_owned()), ..line() }), "unknown");
        assert_eq!(who(&AuditLine { user_id: ada(), ..line() }), "ada");
        assert_eq!(who(&AuditLine { user_id: ada(), client_id: Some(7), ..line() }), "ada, by API client 7");
    }

    #[test]
    fn details_are_one_line_without_empty_values() {
        let details_of = json!({"client_id": 7, "name": "billing", "none": null, "volumes": []});
        let line = AuditLine { details: details_of, deployment_hash: Some("d1".to_owned()), ..line() };
        assert_eq!(details(&line), "client_id: 7 · name: billing · deployment: d1");
    }
}
