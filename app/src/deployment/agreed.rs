//! What has to be accepted before something is deployed.

use domain::agreement::Agreement;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Button, Callout, Look, Tone},
    rpc::agreements::{accept_agreement, next_agreement},
};

/// Shows the required texts one after the other, and the children once all of them are accepted. The server checks it again.
#[component]
pub fn Agreed(children: ChildrenFn) -> impl IntoView {
    // `None`: not known yet.
    let next = RwSignal::new(None::<Option<Agreement>>);
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    let ask = move || {
        spawn_local(async move {
            // Without an answer the server decides when it is asked to deploy.
            next.try_set(Some(next_agreement().await.unwrap_or_default()));
            sending.try_set(false);
        });
    };
    Effect::new(ask);
    let accept = move |id: i32, version: i32| {
        sending.set(true);
        spawn_local(async move {
            let refused = accept_agreement(id, version).await.err();
            problem.try_set(refused.map(|error| error.to_string()));
            // Asked again after a refusal too: the text may have changed, or another tab has accepted it.
            ask();
        });
    };
    move || match next.get() {
        None => view! { <p role="status" class="text-muted">"Preparing…"</p> }.into_any(),
        Some(None) => children().into_any(),
        Some(Some(agreement)) => {
            let Agreement { id, name, text, version, .. } = agreement;
            view! {
                <div class="flex flex-col gap-3" data-testid="agreement">
                    <p class="text-muted">"Before you deploy, accept this text. The server keeps who accepted which text, and when."</p>
                    <h3 class="font-semibold wrap-anywhere">{name}</h3>
                    <p dir="auto" tabindex="0" class="max-h-80 overflow-y-auto rounded-panel p-3 whitespace-pre-line wrap-anywhere hairline">
                        {text}
                    </p>
                    {move || problem.get().map(|why| view! { <Callout tone=Tone::Error title=why /> })}
                    <div class="flex justify-end">
                        <Button look=Look::Primary disabled=sending on:click=move |_| accept(id, version) attr:data-testid="accept-agreement">
                            "Accept and deploy"
                        </Button>
                    </div>
                </div>
            }
            .into_any()
        }
    }
}
