//! The deploy button of the toolbar, and the switch between the design and the running deployment.

use domain::deploy::DeploymentStatus;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    builder::state::session::use_session,
    components::{Icon, Look, Sign},
    rpc::deployments::list_deployments,
};

#[component]
pub fn DeployButton() -> impl IntoView {
    let operation = use_session().operation;
    view! {
        <button
            type="button"
            class=Look::Primary.class()
            data-testid="deploy"
            on:click=move |_| operation.deploy(None)
        >
            <Icon sign=Sign::Launch />
            <span class="max-md:sr-only">"Deploy"</span>
        </button>
    }
}

/// Shown once the project has a deployment.
#[component]
pub fn ModeSwitch() -> impl IntoView {
    let session = use_session();
    let operation = session.operation;
    // Reloads after each new deployment, because a new deployment is shown at once.
    Effect::new(move || {
        operation.shown.track();
        let project = session.project;
        spawn_local(async move {
            // Without an answer there is nothing to switch to; the page of deployments shows the error.
            if let Ok(mut all) = list_deployments(Some(project)).await {
                all.retain(|it| {
                    !matches!(it.status, DeploymentStatus::Removed | DeploymentStatus::Cancelled)
                });
                operation.deployments.try_set(all);
            }
        });
    });
    // There is nothing to show of a pending deployment yet.
    let newest = Memo::new(move |_| {
        operation.deployments.with(|all| {
            let begun = all.iter().find(|it| it.status != DeploymentStatus::Pending);
            begun.map(|it| it.deployment_hash.clone())
        })
    });
    let is_live = Memo::new(move |_| operation.shown.with(Option::is_some));
    let there = Memo::new(move |_| newest.with(Option::is_some) || is_live.get());
    let option = move |live: bool, label: &'static str, testid: &'static str| {
        view! {
            <button
                type="button"
                class="h-control rounded-control px-2.5 text-control font-medium text-muted transition hover:text-ink aria-pressed:bg-hover aria-pressed:text-ink"
                data-testid=testid
                aria-pressed=move || if is_live.get() == live { "true" } else { "false" }
                on:click=move |_| {
                    if is_live.get_untracked() != live {
                        operation.shown.set(if live { newest.get_untracked() } else { None });
                    }
                }
            >
                {label}
            </button>
        }
    };
    move || {
        there.get().then(|| {
            view! {
                <div role="group" aria-label="Look at" class="flex rounded-control hairline">
                    {option(false, "Design", "mode-design")}
                    {option(true, "Live", "mode-live")}
                </div>
            }
        })
    }
}
