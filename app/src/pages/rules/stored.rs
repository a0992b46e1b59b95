//! All stored rules and memberships.

use domain::api::StoredRule;
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    address::{href, question},
    filter_form::FilterForm,
};
use crate::{
    components::{Column, Icon, Look, Sign, Table, Tone},
    rpc::rules::{RuleList, RulesQuery},
};

const NONE: &str = "rounded-panel bg-panel p-4 text-muted hairline";

#[component]
pub(super) fn Rules(list: RuleList, query: RulesQuery) -> impl IntoView {
    let next = next(&list, &query, "rules_after");
    let rows = list.rules.iter().cloned().map(|rule| view! { <Row rule /> }).collect_view();
    let columns = Vec::from(["Subject", "Path", "Method"].map(Column::Title));
    view! {
        <section class="flex flex-col gap-3" aria-label="All rules">
            <div class="flex flex-wrap items-end gap-3">
                <div class="min-w-0 flex-1">
                    <h2 class="text-lead font-semibold">"All rules"</h2>
                    <p class="text-muted">"Each rule lets a subject send a method to a path."</p>
                </div>
                <FilterForm name="rules" label="Search rules" value=query.rules.clone() kept=question(&query) />
            </div>
            {if list.rules.is_empty() {
                view! { <p class=NONE>"No rule matches."</p> }.into_any()
            } else {
                view! { <Table caption="Rules" columns>{rows}</Table> }.into_any()
            }}
            {next}
        </section>
    }
}

#[component]
pub(super) fn Members(list: RuleList, query: RulesQuery) -> impl IntoView {
    let next = next(&list, &query, "members_after");
    let lines = list.rules.iter().cloned().map(|rule| view! { <Membership rule /> }).collect_view();
    view! {
        <section class="flex flex-col gap-3" aria-label="Memberships">
            <div>
                <h2 class="text-lead font-semibold">"Memberships"</h2>
                <p class="text-muted">"A member has all rights of its group."</p>
            </div>
            {if list.rules.is_empty() {
                view! { <p class=NONE>"No membership matches."</p> }.into_any()
            } else {
                view! { <ul class="flex flex-col gap-1 rounded-panel bg-panel p-4 wrap-anywhere hairline">{lines}</ul> }
                    .into_any()
            }}
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
                "Next page"
            </A>
        </p>
    })
}

#[component]
fn Row(rule: StoredRule) -> impl IntoView {
    let StoredRule { values, problem, .. } = rule;
    let wanted = 3;
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
                <td colspan="3" class="px-4 pb-2">
                    <Ignored problem />
                </td>
            </tr>
        }
    });
    view! {
        <tr class="border-t border-line first:border-t-0">{cells}</tr>
        {problem}
    }
}

#[component]
fn Membership(rule: StoredRule) -> impl IntoView {
    let StoredRule { values, problem, .. } = rule;
    let mut values = values.into_iter();
    let (member, group) = (values.next().unwrap_or_default(), values.collect::<Vec<_>>().join(", "));
    view! {
        <li>
            <code class="font-mono">{member}</code>
            <span class="text-muted">" is a member of "</span>
            <code class="font-mono">{group}</code>
            {problem.map(|problem| view! { <Ignored problem /> })}
        </li>
    }
}

/// Why a stored rule has no effect.
#[component]
fn Ignored(problem: String) -> impl IntoView {
    view! {
        <span class=format!("flex items-center gap-1.5 text-caption {}", Tone::Warn.ink())>
            <Icon sign=Sign::Warning />
            {format!("Ignored: {problem}")}
        </span>
    }
}
