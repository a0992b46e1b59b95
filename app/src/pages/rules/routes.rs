//! Everything that one subject may do: the routes of the API, grouped by what the rules decide.

use domain::api::{RouteDecision, RouteVerdict};
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    address::{href, question},
    filter_form::FilterForm,
    words::allows,
};
use crate::{
    components::{Icon, Tone},
    rpc::rules::RulesQuery,
};

#[component]
pub(super) fn Routes(routes: Vec<RouteDecision>, query: RulesQuery) -> impl IntoView {
    let title = format!("What {} may do", query.subject);
    let is_filtered = !query.routes.is_empty();
    let none = routes.is_empty();
    let group = |verdict: RouteVerdict| {
        let these: Vec<_> = routes.iter().filter(|route| route.verdict == verdict).cloned().collect();
        let is_open = is_filtered || verdict != RouteVerdict::Refused;
        (!these.is_empty()).then(|| view! { <Group verdict routes=these query=query.clone() is_open /> })
    };
    view! {
        <section class="flex flex-col gap-3" aria-labelledby="routes-of-subject">
            <div class="flex flex-wrap items-end gap-3">
                <div class="min-w-0 flex-1">
                    <h2 id="routes-of-subject" class="text-lead font-semibold wrap-anywhere">
                        {title}
                    </h2>
                    <p class="text-muted">"Select a route to see which rule decides."</p>
                </div>
                <FilterForm name="routes" label="Search routes" value=query.routes.clone() kept=question(&query) />
            </div>
            <div class="flex flex-col rounded-panel bg-panel hairline">
                {none.then(|| view! { <p class="p-4 text-muted">"No route matches."</p> })}
                {[RouteVerdict::Allowed, RouteVerdict::SomePaths, RouteVerdict::Refused].map(group).collect_view()}
            </div>
        </section>
    }
}

#[component]
fn Group(
    verdict: RouteVerdict,
    routes: Vec<RouteDecision>,
    query: RulesQuery,
    is_open: bool,
) -> impl IntoView {
    let (tone, word) = match verdict {
        RouteVerdict::Allowed => (Tone::Ok, "Allowed"),
        RouteVerdict::SomePaths => (Tone::Warn, "Allowed for some paths"),
        RouteVerdict::Refused => (Tone::Error, "Refused"),
    };
    let count = routes.len();
    let lines =
        routes.into_iter().map(|route| view! { <RouteLine route query=query.clone() /> }).collect_view();
    view! {
        <details open=is_open class="border-t border-line first:border-t-0">
            <summary class="cursor-pointer px-4 py-2">
                <span class=format!("inline-flex items-center gap-1.5 {}", tone.ink())>
                    <Icon sign=tone.sign() />
                    {word}
                </span>
                <span class="text-muted">{format!(" · {count}")}</span>
            </summary>
            <ul class="grid gap-x-4 px-4 pb-3 lg:grid-cols-2">{lines}</ul>
        </details>
    }
}

#[component]
fn RouteLine(route: RouteDecision, query: RulesQuery) -> impl IntoView {
    let RouteDecision { method, pattern, rule, .. } = route;
    let about = RulesQuery { method: method.clone(), path: example_of(&pattern), ..query };
    let test_id = format!("route-{method} {pattern}");
    view! {
        <li class="min-w-0 py-0.5" data-testid=test_id title=rule.map(|rule| allows(&rule))>
            <A href=href(&question(&about)) attr:class="font-mono wrap-anywhere hover:underline">
                {format!("{method} {pattern}")}
            </A>
        </li>
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
