//! `/projects/{id}`: the Stack Builder for one project.

use domain::api::ProjectDraft;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    builder::StackBuilder,
    layout::Failure,
    rpc::{RpcError, projects::load_project},
};

#[component]
pub fn BuilderPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id"));
    let draft = Resource::new_blocking(move || id.get(), load);
    view! {
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match draft.await {
                    Ok(draft) => {
                        view! {
                            <Title text=draft.name.clone() />
                            <main id="main" tabindex="-1" class="flex min-h-0 flex-1 flex-col">
                                <StackBuilder draft />
                            </main>
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// An id that is not a number cannot belong to a project.
async fn load(id: Option<String>) -> Result<ProjectDraft, RpcError> {
    match id.and_then(|id| id.parse().ok()) {
        Some(id) => load_project(id).await,
        None => Err(no_such_project()),
    }
}

#[cfg(feature = "ssr")]
fn no_such_project() -> RpcError {
    RpcError::NotFound.with_status()
}

#[cfg(not(feature = "ssr"))]
fn no_such_project() -> RpcError {
    RpcError::NotFound
}

/// Seen only when coming from another page of the app: the first response for a URL already contains the stack.
#[component]
fn Loading() -> impl IntoView {
    view! {
        <main id="main" tabindex="-1" class="p-4 text-muted" aria-busy="true">
            "Opening the project…"
        </main>
    }
}
