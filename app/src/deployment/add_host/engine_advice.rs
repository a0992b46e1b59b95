//! What to do on a host where no container engine answers.

use domain::deploy::EngineMissing;
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
