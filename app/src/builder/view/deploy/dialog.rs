//! The deploy dialog: fix errors, accept what is required, choose a host, see what would change, confirm.

use domain::{
    api::StartedCommand,
    check::{Severity, check},
};
use leptos::prelude::*;

use super::{images::ImagesBefore, target::Targets};
use crate::{
    builder::{
        state::{operation::Operation, saving, session::use_session},
        view::drawer::Problem,
    },
    components::{Button, Callout, Dialog, Tone},
    deployment::{Agreed, PlanFlow, Wish},
};

#[component]
pub fn DeployDialog() -> impl IntoView {
    let operation = use_session().operation;
    view! {
        <Dialog id="deploy" title="Deploy" open=operation.deploying>
            {move || operation.deploying.get().then(|| view! { <Steps /> })}
        </Dialog>
    }
}

#[component]
fn Steps() -> impl IntoView {
    let session = use_session();
    let operation = session.operation;
    // What comments and settings switch off still stops a deployment.
    let errors = Memo::new(move |_| {
        let mut findings = session.document.written.with(|written| check(&written.moment().stack));
        findings.retain(|finding| finding.severity == Severity::Error);
        findings
    });
    let warnings = Memo::new(move |_| {
        session
            .document
            .findings
            .with(|findings| findings.iter().filter(|finding| finding.severity == Severity::Warning).count())
    });
    let empty = Memo::new(move |_| session.document.picture.with(|picture| picture.nodes.is_empty()));
    // The server deploys what it has stored.
    let saved = Memo::new(move |_| session.is_on_server());
    Effect::new(move || saving::save(session));
    let blocked = Memo::new(move |_| errors.with(|errors| !errors.is_empty()));
    let ready = Memo::new(move |_| !empty.get() && !blocked.get() && saved.get());
    let step = move || {
        if empty.get() {
            view! { <p class="text-muted">"There is nothing to deploy yet. Add an app to the canvas first."</p> }.into_any()
        } else if blocked.get() {
            view! {
                <div data-testid="deploy-blocked">
                    <Callout tone=Tone::Error title="Fix this first">
                        "The stack can't start like this. Each line leads to its place in the file."
                    </Callout>
                    <ul class="flex flex-col pt-2">
                        <For
                            each=move || errors.get().into_iter().enumerate()
                            key=|(number, finding)| (*number, finding.message.clone())
                            let:entry
                        >
                            <Problem finding=entry.1 />
                        </For>
                    </ul>
                </div>
            }
            .into_any()
        } else if !saved.get() {
            view! {
                <p role="status" class="text-muted" data-testid="deploy-unsaved">
                    "Waiting until the stack is saved. The toolbar shows the state."
                </p>
                <div class="flex justify-end pt-3">
                    <Button on:click=move |_| saving::save(session)>"Save now"</Button>
                </div>
            }
            .into_any()
        } else {
            view! { <Agreed>{move || next_step(operation, warnings)}</Agreed> }.into_any()
        }
    };
    view! {
        {move || ready.get().then(|| view! { <ImagesBefore /> })}
        {step}
    }
}

fn next_step(operation: Operation, warnings: Memo<usize>) -> AnyView {
    match operation.wish.get() {
        Some((wish, host)) => view! { <Plan wish host /> }.into_any(),
        None => view! { <Targets warnings /> }.into_any(),
    }
}

#[component]
fn Plan(wish: Wish, host: String) -> impl IntoView {
    let operation = use_session().operation;
    let started = Callback::new(move |started: StartedCommand| {
        operation.deploying.set(false);
        operation.wish.set(None);
        // The canvas shows the deployment from its first step on.
        if operation.shown.with_untracked(|shown| shown.as_ref() != Some(&started.deployment_hash)) {
            operation.shown.set(Some(started.deployment_hash));
        }
    });
    let target = format!("On {host}");
    view! {
        <div class="flex items-center gap-2 pb-3">
            <p class="min-w-0 flex-1 text-muted">{target}</p>
            <button type="button" class="text-muted underline" on:click=move |_| operation.wish.set(None)>
                "Choose another host"
            </button>
        </div>
        <PlanFlow wish verb="Deploy" host on_started=started />
    }
}
