//! What the rules decide about every route of the API.

use domain::api::{RouteDecision, RouteVerdict};
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    address::{href, question},
    answer::RuleLine,
    filter_form::FilterForm,
};
use crate::{
    components::{Column, Icon, Table, Tone},
    rpc::rules::RulesQuery,
};

#[component]
pub(super) fn Routes(routes: Vec<RouteDecision>, query: RulesQuery) -> impl IntoView {
    let none = routes.is_empty();
    let count = routes.iter().filter(|route| route.verdict != RouteVerdict::Refused).count();
    let text = format!("{count} of {} are let through.", routes.len());
    let rows =
        routes.into_iter().map(|route| view! { <RouteRow route query=query.clone() /> }).collect_view();
    view! {
        <section class="flex flex-col gap-3" aria-label="Routes">
            <div class="flex flex-wrap items-end gap-3">
                <div class="min-w-0 flex-1">
                    <h2 class="text-lead font-semibold wrap-anywhere">{format!("Routes, for {}", query.subject)}</h2>
                    <p class="text-muted">{text}</p>
                </div>
                <FilterForm name="routes" label="Routes that contain" value=query.routes.clone() kept=question(&query) />
            </div>
            {if none {
                view! { <p class="rounded-panel bg-panel p-4 text-muted hairline">"No route contains that."</p> }.into_any()
            } else {
                view! {
                    <Table
                        caption="Routes of the API, and what the rules say"
                        columns=vec![Column::Title("Route"), Column::Title("Rules say"), Column::WideOnly("By the rule")]
                    >
                        {rows}
                    </Table>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn RouteRow(route: RouteDecision, query: RulesQuery) -> impl IntoView {
    let RouteDecision { method, pattern, verdict, rule } = route;
    let (tone, word) = match verdict {
        RouteVerdict::Allowed => (Tone::Ok, "allowed"),
        RouteVerdict::SomePaths => (Tone::Warn, "some paths"),
        RouteVerdict::Refused => (Tone::Error, "refused"),
    };
    let about = RulesQuery { method: method.clone(), path: example_of(&pattern), ..query };
    let test_id = format!("route-{method} {pattern}");
    view! {
        <tr class="relative border-t border-line first:border-t-0 hover:bg-hover" data-testid=test_id>
            <th scope="row" class="px-4 py-2 font-normal wrap-anywhere">
                <A href=href(&question(&about)) attr:class="font-mono after:absolute after:inset-0">
                    {format!("{method} {pattern}")}
                </A>
            </th>
            <td class=format!("px-4 py-2 {}", tone.ink())>
                <span class="inline-flex items-center gap-1.5">
                    <Icon sign=tone.sign() />
                    {word}
                </span>
            </td>
            <td class="px-4 py-2 max-sm:hidden">{rule.map(|rule| view! { <RuleLine rule /> })}</td>
        </tr>
    }
}

/// An example path of a route: each parameter becomes `1`.
fn example_of(pattern: &str) -> String {
    let segments = pattern.split('/').map(|segment| if segment.starts_with('{') { "1" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::example_of;

    #[test]
    fn a_route_has_an_example_path() {
        assert_eq!(example_of("/project/{id}/deploy/{cloud_id}"), "/project/1/deploy/1");
    }
}
