//! `/deployments`: which project runs on which host. `?host=` limits the list to one host.

use domain::api::{DeploymentSummary, Used};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{Age, Column, EmptyState, Look, Sign, Status, Table, Unit, UsageMeters, age_of},
    deployment::words,
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::{RpcError, deployments::list_deployments, keep_fresh, session::load_usage},
};

#[component]
pub fn DeploymentsPage() -> impl IntoView {
    let list = Resource::new_blocking(|| (), |()| load());
    view! {
        <Title text="Deployments" />
        <Suspense fallback=|| view! { <Loading text="Loading your deployments…" /> }>
            {move || Suspend::new(async move {
                match list.await {
                    Ok((list, live)) => view! { <DeploymentList list live /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// One resource, so that both appear together. If the limit cannot be loaded, the list is shown without it.
async fn load() -> Result<(Vec<DeploymentSummary>, Option<Used>), RpcError> {
    let list = all().await?;
    Ok((list, load_usage().await.unwrap_or_default().deployments))
}

async fn all() -> Result<Vec<DeploymentSummary>, RpcError> {
    list_deployments(None).await
}

#[component]
fn DeploymentList(list: Vec<DeploymentSummary>, live: Option<Used>) -> impl IntoView {
    let list = RwSignal::new(list);
    keep_fresh(list, all);
    let query = use_query_map();
    let host = Memo::new(move |_| query.read().get("host"));
    let shown = Memo::new(move |_| {
        list.with(|list| {
            list.iter()
                .filter(|it| host.with(|host| host.as_ref().is_none_or(|id| runs_on(it, id))))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let host_name = move || {
        host.get().map(|_| {
            let name = shown
                .with(|shown| shown.iter().find_map(|it| it.host.as_ref().map(|host| host.name.clone())));
            name.map_or_else(
                || "Nothing is deployed on this host. ".to_owned(),
                |name| format!("On {name}. "),
            )
        })
    };
    let hashes = Memo::new(move |_| {
        shown.with(|shown| shown.iter().map(|it| it.deployment_hash.clone()).collect::<Vec<_>>())
    });
    let none = Memo::new(move |_| hashes.with(Vec::is_empty));
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-4 px-4 py-6">
            <h1 class="text-title font-semibold">"Deployments"</h1>
            <NoticeLine />
            <UsageMeters meters=vec![("Live", Unit::Things, live)] />
            {move || {
                host_name()
                    .map(|words| {
                        view! {
                            <p class="text-muted">
                                {words}
                                <a class="underline" href="/deployments">
                                    "Show all"
                                </a>
                            </p>
                        }
                    })
            }}
            {move || {
                if none.get() {
                    view! { <Nothing /> }.into_any()
                } else {
                    let columns = vec![
                        Column::Title("Project"),
                        Column::WideOnly("State"),
                        Column::WideOnly("Runs on"),
                        Column::WideOnly("Revision"),
                        Column::WideOnly("Changed"),
                    ];
                    view! {
                        <Table caption="Your deployments, newest first" columns>
                            <For each=move || hashes.get() key=String::clone let:hash>
                                <Row hash list />
                            </For>
                        </Table>
                    }
                        .into_any()
                }
            }}
        </main>
    }
}

fn runs_on(deployment: &DeploymentSummary, host: &str) -> bool {
    deployment.host.as_ref().is_some_and(|it| it.id.to_string() == host)
}

#[component]
fn Row(hash: String, list: RwSignal<Vec<DeploymentSummary>>) -> impl IntoView {
    let address = format!("/deployments/{hash}");
    let it = Memo::new(move |_| list.with(|list| list.iter().find(|it| it.deployment_hash == hash).cloned()));
    let of = move |part: fn(&DeploymentSummary) -> String| {
        move || it.with(|it| it.as_ref().map(part).unwrap_or_default())
    };
    let state = move || {
        let shown = Memo::new(move |_| {
            it.with(|it| it.as_ref().map(|it| words::of_deployment(it.status))).unwrap_or_default()
        });
        view! {
            <Status state=Signal::derive(move || shown.get().0) word=Signal::derive(move || shown.get().1.to_owned()) />
        }
    };
    let agent = move || {
        let shown = Memo::new(move |_| {
            it.with(|it| it.as_ref().map(|it| words::of_agent(it.agent_status))).unwrap_or_default()
        });
        let age = age_of(move || it.with(|it| it.as_ref().and_then(|it| it.last_seen_at)));
        view! {
            <Status state=Signal::derive(move || shown.get().0) word=Signal::derive(move || shown.get().1.to_owned()) age />
        }
    };
    let left_behind = move || {
        let left = of(|it| words::left_behind(it).unwrap_or_default());
        view! { <span class="block text-warn wrap-anywhere empty:hidden">{left}</span> }
    };
    view! {
        // The link covers the row, so that the whole row can be clicked.
        <tr class="relative border-t border-line first:border-t-0 hover:bg-hover" data-testid="deployment-row">
            <th scope="row" class="px-4 py-2 font-medium wrap-anywhere sm:max-w-64">
                <a href=address class="after:absolute after:inset-0">
                    {of(|it| it.project_name.clone())}
                </a>
                <span class="block font-mono text-caption font-normal text-muted">{of(|it| it.stack.clone())}</span>
                // On narrow screens this column also shows the others, which are hidden there.
                <div class="mt-1 flex flex-col gap-1 font-normal sm:hidden">
                    {state()} <span class="text-muted">{of(words::place_of)}</span> {left_behind()}
                </div>
            </th>
            <td class="px-4 py-2 max-sm:hidden">{state()}</td>
            <td class="px-4 py-2 max-sm:hidden">
                <span class="block">{of(words::place_of)}</span>
                {left_behind()}
                {agent()}
            </td>
            <td class="tabular px-4 py-2 max-sm:hidden">
                {of(|it| it.running_revision.map_or_else(|| "not running".to_owned(), |number| number.to_string()))}
            </td>
            <td class="px-4 py-2 text-muted max-sm:hidden">{move || it.with(|it| it.as_ref().map(|it| it.updated_at)).map(|at| view! { <Age at /> })}</td>
        </tr>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="rounded-panel bg-panel hairline">
            <EmptyState
                sign=Sign::Launch
                title="Nothing is deployed here"
                text="Open a project and press Deploy. You see what would change on the host before anything happens. WordPress with MariaDB on this machine is a good start."
            >
                <a class=Look::Primary.class() href="/">
                    "Go to the projects"
                </a>
            </EmptyState>
        </div>
    }
}
