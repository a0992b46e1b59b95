//! `/`: the user's projects. Search, create, rename, duplicate and delete are plain forms and work without scripts.

mod join_project;
mod new_project;
mod row;

use domain::api::{AccountUsage, ProjectSummary};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map};

use self::{
    join_project::{JoinProject, JoinProjectDialog},
    new_project::{MoreTemplates, NewProject, NewProjectDialog, StartingPoints},
    row::ProjectRow,
};
use crate::{
    components::{CONTROL, Column, EmptyState, Icon, Look, Sign, Table, Unit, UsageMeters},
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::{RpcError, projects::list_projects, session::load_usage},
};

#[component]
pub fn ProjectsPage() -> impl IntoView {
    let query = use_query_map();
    let search =
        Memo::new(move |_| query.read().get("q").map(|search| search.trim().to_owned()).unwrap_or_default());
    let projects =
        Resource::new_blocking(move || search.get(), |search| load((!search.is_empty()).then_some(search)));
    view! {
        <Title text="Projects" />
        <Transition fallback=|| view! { <Loading text="Loading your projects…" /> }>
            {move || Suspend::new(async move {
                match projects.await {
                    Ok((projects, usage)) => {
                        view! { <ProjectList projects usage search=search.get_untracked() /> }.into_any()
                    }
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// One resource, so that both appear together. If the limits cannot be loaded, the list is shown without them.
async fn load(search: Option<String>) -> Result<(Vec<ProjectSummary>, AccountUsage), RpcError> {
    let projects = list_projects(search).await?;
    Ok((projects, load_usage().await.unwrap_or_default()))
}

#[component]
fn ProjectList(projects: Vec<ProjectSummary>, usage: AccountUsage, search: String) -> impl IntoView {
    let has_none = projects.is_empty() && search.is_empty();
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-4 px-4 py-6">
            <div class="flex flex-wrap items-center gap-3">
                <h1 class="mr-auto text-title font-semibold">"Projects"</h1>
                {(!has_none)
                    .then(|| {
                        view! {
                            <SearchForm search=search.clone() />
                            <NewProject />
                        }
                    })}
                <JoinProject />
            </div>
            <NoticeLine />
            <UsageMeters meters=vec![
                ("Projects", Unit::Things, usage.projects),
                ("Stored", Unit::Bytes, usage.stored_bytes),
            ] />
            {if has_none {
                view! { <StartingPoints /> }.into_any()
            } else if projects.is_empty() {
                view! { <NothingFound search /> }.into_any()
            } else {
                view! {
                    <ProjectTable projects />
                    <MoreTemplates />
                }
                    .into_any()
            }}
            <NewProjectDialog />
            <JoinProjectDialog />
        </main>
    }
}

#[component]
fn SearchForm(search: String) -> impl IntoView {
    view! {
        <Form method="get" action="/" attr:role="search" attr:class="flex min-w-40 flex-1 gap-2 sm:ml-auto sm:max-w-72">
            <label for="search" class="sr-only">
                "Search by name or service"
            </label>
            <input
                id="search"
                type="search"
                name="q"
                value=search
                placeholder="Search by name or service"
                autocomplete="off"
                class=CONTROL
            />
            <button type="submit" class=Look::Icon.class() aria-label="Search">
                <Icon sign=Sign::Search />
            </button>
        </Form>
    }
}

#[component]
fn ProjectTable(projects: Vec<ProjectSummary>) -> impl IntoView {
    let columns = vec![
        Column::Title("Name"),
        Column::WideOnly("Services"),
        Column::WideOnly("Changed"),
        Column::Actions,
    ];
    view! {
        <Table caption="Your projects, last changed first" columns>
            {projects.into_iter().map(|project| view! { <ProjectRow project /> }).collect_view()}
        </Table>
    }
}

#[component]
fn NothingFound(search: String) -> impl IntoView {
    view! {
        <div class="rounded-panel bg-panel hairline">
            <EmptyState
                sign=Sign::Search
                title=format!("No project matches “{search}”")
                text="The search covers project names and service names."
            >
                <a class=Look::Plain.class() href="/">
                    "Show all projects"
                </a>
            </EmptyState>
        </div>
    }
}
