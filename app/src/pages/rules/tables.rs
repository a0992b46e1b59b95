//! The stored rules and memberships, with the console commands that change them.

use domain::api::StoredRule;
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    address::{href, question},
    filter_form::FilterForm,
};
use crate::{
    components::{Column, CopyLine, Icon, Look, Sign, Table, Tone},
    rpc::rules::{RuleList, RulesQuery},
};

#[component]
pub(super) fn Rules(list: RuleList, query: RulesQuery) -> impl IntoView {
    let next = next(&list, &query, "rules_after");
    view! {
        <section class="flex flex-col gap-3" aria-label="All rules">
            <div class="flex flex-wrap items-end gap-3">
                <div class="min-w-0 flex-1">
                    <h2 class="text-lead font-semibold">"All rules"</h2>
                    <p class="text-muted">"In a path :name is one part, and /* all that follows. They are changed on the machine of the server, at once for all servers:"</p>
                </div>
                <FilterForm name="rules" label="Rules that contain" value=query.rules.clone() kept=question(&query) />
            </div>
            <CopyLine label="Copy the command that adds a rule" text="console policy add group_user /project/:id GET".to_owned() />
            <Rows list caption="Rules" columns=["Subject", "Path", "Method"] />
            {next}
        </section>
    }
}

#[component]
pub(super) fn Members(list: RuleList, query: RulesQuery) -> impl IntoView {
    let next = next(&list, &query, "members_after");
    view! {
        <section class="flex flex-col gap-3" aria-label="Memberships">
            <div>
                <h2 class="text-lead font-semibold">"Memberships"</h2>
                <p class="text-muted">"A member may what its group may. They are changed in the same way:"</p>
            </div>
            <CopyLine label="Copy the command that adds a membership" text="console role add auditor group_admin".to_owned() />
            <Rows list caption="Memberships" columns=["Member", "Group", ""] />
            {next}
        </section>
    }
}

fn next(list: &RuleList, query: &RulesQuery, after: &'static str) -> Option<impl IntoView + use<>> {
    let last = list.rules.last().filter(|_| list.has_more)?.id;
    let mut pairs = question(query);
    if !query.rules.is_empty() {
        pairs.push(("rules", query.rules.clone()));
    }
    pairs.push((after, last.to_string()));
    Some(view! {
        <p>
            <A href=href(&pairs) attr:class=Look::Plain.class()>
                "The next ones"
            </A>
        </p>
    })
}

#[component]
fn Rows(list: RuleList, caption: &'static str, columns: [&'static str; 3]) -> impl IntoView {
    if list.rules.is_empty() {
        return view! { <p class="rounded-panel bg-panel p-4 text-muted hairline">"There is none that contains this."</p> }
            .into_any();
    }
    let rows = list.rules.into_iter().map(|rule| view! { <Row rule /> }).collect_view();
    let columns = columns.into_iter().filter(|title| !title.is_empty()).map(Column::Title).collect();
    view! { <Table caption columns>{rows}</Table> }.into_any()
}

#[component]
fn Row(rule: StoredRule) -> impl IntoView {
    let StoredRule { ptype, values, problem, .. } = rule;
    let wanted = if ptype == "p" { 3 } else { 2 };
    // The last cell also shows all surplus values.
    let mut cells: Vec<String> = values.iter().take(wanted - 1).cloned().collect();
    cells.resize(wanted - 1, String::new());
    cells.push(values.get(wanted - 1..).unwrap_or_default().join(", "));
    let cells = cells
        .into_iter()
        .map(|cell| view! { <td class="px-4 py-1.5 font-mono wrap-anywhere">{cell}</td> })
        .collect_view();
    let problem = problem.map(|problem| {
        view! {
            <tr>
                <td colspan="3" class=format!("px-4 pb-2 text-caption {}", Tone::Warn.ink())>
                    <span class="inline-flex items-center gap-1.5">
                        <Icon sign=Sign::Warning />
                        {format!("Left out: {problem}")}
                    </span>
                </td>
            </tr>
        }
    });
    view! {
        <tr class="border-t border-line first:border-t-0">{cells}</tr>
        {problem}
    }
}
