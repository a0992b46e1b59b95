//! What to do on a host that cannot run stacks yet: no container engine answers there, or compose is missing.

use domain::{
    api::Host,
    deploy::{ComposeMissing, EngineMissing},
};
use leptos::prelude::*;

use crate::components::CopyLine;

#[component]
pub fn EngineAdvice(missing: EngineMissing) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-2" data-testid="engine-advice">
            <p>{missing.advice()}</p>
            {missing
                .command()
                .map(|command| view! { <CopyLine label="The command that lets the engine answer" text=command.to_owned() /> })}
        </div>
    }
}

#[component]
pub fn ComposeAdvice(missing: ComposeMissing) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-2" data-testid="compose-advice">
            <p>{missing.advice()}</p>
            {missing
                .command()
                .map(|command| view! { <CopyLine label="The command that installs Docker Compose" text=command.to_owned() /> })}
        </div>
    }
}

/// What the host lacks. `None`: nothing that its agent knows of.
pub fn what_is_missing(host: &Host) -> Option<AnyView> {
    match (&host.engine, host.engine_missing, host.compose_missing) {
        (None, Some(missing), _) => Some(view! { <EngineAdvice missing /> }.into_any()),
        (Some(_), _, Some(missing)) => Some(view! { <ComposeAdvice missing /> }.into_any()),
        _ => None,
    }
}
