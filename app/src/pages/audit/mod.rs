//! `/audit`: who did what, from which address and with which outcome.
//!
//! The filter is a plain form; pages and exports are links. Everything works without scripts and can be bookmarked.

mod filter;
mod row;

use domain::audit::AuditQuery;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use self::{filter::AuditFilterForm, row::AuditRow};
use crate::{
    components::{Callout, Column, EmptyState, Icon, Look, MarkedText, Sign, Table, Tone},
    layout::{Failure, Loading},
    rpc::{
        RpcError,
        audit::{AuditPage as Lines, list_audit},
    },
};

#[component]
pub fn AuditPage() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(asked_in));
    let lines = Resource::new_blocking(move || asked.get(), |(query, after)| list_audit(query, after));
    view! {
        <Title text="Audit log" />
        <Transition fallback=|| view! { <Loading text="Loading the audit log…" /> }>
            {move || Suspend::new(async move {
                let lines = lines.await;
                let (query, after) = asked.get_untracked();
                match lines {
                    Ok(lines) => view! { <Log lines query after /> }.into_any(),
                    Err(error @ RpcError::Invalid { .. }) => {
                        let why = error.to_string();
                        view! {
                            <Frame query by_user=true>
                                <Callout tone=Tone::Error title="This filter cannot be used">
                                    <MarkedText text=why />
                                </Callout>
                            </Frame>
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

fn asked_in(params: &ParamsMap) -> (AuditQuery, Option<i64>) {
    let of = |name| params.get(name).unwrap_or_default();
    let query = AuditQuery {
        user: of("user"),
        action: of("action"),
        outcome: of("outcome"),
        from: of("from"),
        to: of("to"),
        text: of("text"),
    };
    (query, of("after").parse().ok())
}

#[component]
fn Frame(query: AuditQuery, by_user: bool, children: Children) -> impl IntoView {
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-4 px-4 py-6">
            <h1 class="text-title font-semibold">"Audit log"</h1>
            <AuditFilterForm query by_user />
            {children()}
        </main>
    }
    .into_any()
}

#[component]
fn Log(lines: Lines, query: AuditQuery, after: Option<i64>) -> impl IntoView {
    let Lines { lines, next, is_about_everybody, days_kept } = lines;
    let whose = if is_about_everybody {
        "Actions of all users."
    } else {
        "What you did, and what others did to your projects, hosts and deployments."
    };
    let kept = match days_kept {
        1 => "Entries are kept for one day.".to_owned(),
        days => format!("Entries are kept for {days} days."),
    };
    let file = |format| address("/audit/export", &query, &[("format", format)]);
    let (csv, json) = (file("csv"), file("json"));
    let older = next.map(|next| address("/audit", &query, &[("after", &next.to_string())]));
    let newest = after.map(|_| address("/audit", &query, &[]));
    let body = if lines.is_empty() {
        view! { <Nothing is_filtered=!query.is_empty() /> }.into_any()
    } else {
        let columns = vec![
            Column::Title("Action"),
            Column::WideOnly("Outcome"),
            Column::WideOnly("User"),
            Column::WideOnly("Address"),
            Column::WideOnly("Time"),
        ];
        view! {
            <Table caption="The audit log, newest first" columns>
                {lines.into_iter().map(|line| view! { <AuditRow line /> }).collect_view()}
            </Table>
        }
        .into_any()
    };
    view! {
        <Frame query by_user=is_about_everybody>
            <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
                <p class="min-w-0 flex-1 text-muted">{whose} " " {kept}</p>
                <a class=Look::Plain.class() href=csv rel="external" download="audit-log.csv">
                    <Icon sign=Sign::Download />
                    "CSV"
                </a>
                <a class=Look::Plain.class() href=json rel="external" download="audit-log.json">
                    <Icon sign=Sign::Download />
                    "JSON"
                </a>
            </div>
            {body}
            <nav aria-label="Pages" class="flex flex-wrap justify-end gap-2 empty:hidden">
                {newest.map(|href| view! { <a class=Look::Plain.class() href=href>"Newest"</a> })}
                {older
                    .map(|href| {
                        view! {
                            <a class=Look::Plain.class() href=href rel="next">
                                "Older"
                                <Icon sign=Sign::ArrowRight />
                            </a>
                        }
                    })}
            </nav>
        </Frame>
    }
}

#[component]
fn Nothing(is_filtered: bool) -> impl IntoView {
    let inner = if is_filtered {
        view! {
            <EmptyState
                sign=Sign::Search
                title="Nothing matches"
                text="No stored entry matches this filter. Remove a condition, or show everything."
            >
                <a class=Look::Plain.class() href="/audit">
                    "Show everything"
                </a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                sign=Sign::List
                title="No entries yet"
                text="Signing in, making or revoking access, deploying and deleting leave a line here each."
            />
        }
        .into_any()
    };
    view! { <div class="rounded-panel bg-panel hairline">{inner}</div> }
}

/// The URL of a page of this app with the filter and further parameters in its query.
fn address(page: &str, query: &AuditQuery, more: &[(&str, &str)]) -> String {
    let pairs = query.pairs().chain(more.iter().copied());
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    if pairs.is_empty() { page.to_owned() } else { format!("{page}?{}", pairs.join("&")) }
}

/// Percent-encoding by RFC 3986. Written here so that browser and server produce exactly the same URL.
fn escaped(value: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    value.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_contains_the_filter_and_no_empty_parameter() {
        let query =
            AuditQuery { action: "client".to_owned(), text: "a & ü.b".to_owned(), ..AuditQuery::default() };
        let with_more = address("/audit", &query, &[("after", "7")]);
        assert_eq!(with_more, "/audit?action=client&text=a%20%26%20%C3%BC.b&after=7");
        assert_eq!(address("/audit", &AuditQuery::default(), &[]), "/audit");
    }
}
