//! The dialog with what was sent to one callback.

use domain::callback::{CallbackDelivery, CallbackSubscription, DeliveryState};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::state::CallbacksState;
use crate::{
    components::{Age, Button, Dialog, Look, State, Status, Tone},
    rpc::callbacks::{DeliveryLog, list_deliveries, redeliver},
};

#[component]
pub(super) fn LogDialog(state: CallbacksState) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if state.reading.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            state.reading.set(None);
        }
    });
    view! {
        <Dialog id="callback-log" title="Calls of the last 7 days" open>
            {move || state.reading.get().map(|callback| view! { <Log callback state /> })}
        </Dialog>
    }
}

#[component]
fn Log(callback: CallbackSubscription, state: CallbacksState) -> impl IntoView {
    let (id, enabled) = (callback.id, callback.enabled);
    let log = RwSignal::new(None::<DeliveryLog>);
    let load = move |after: Option<i64>| {
        spawn_local(async move {
            match list_deliveries(id, after).await {
                Ok(mut page) => {
                    log.try_update(|log| {
                        let mut before = log.take().filter(|_| after.is_some()).unwrap_or_default();
                        before.deliveries.append(&mut page.deliveries);
                        *log = Some(DeliveryLog { next: page.next, ..before });
                    });
                }
                Err(error) => state.toasts.show(Tone::Error, error.to_string()),
            }
        });
    };
    Effect::new(move || load(None));
    let again = Callback::new(move |delivery: Uuid| {
        spawn_local(async move {
            match redeliver(id, delivery).await {
                Ok(()) => load(None),
                Err(error) => state.toasts.show(Tone::Error, error.to_string()),
            }
        });
    });
    let lines = Memo::new(move |_| log.with(|log| log.as_ref().map(|log| log.deliveries.clone())));
    let next = Memo::new(move |_| log.with(|log| log.as_ref().and_then(|log| log.next)));
    view! {
        <div class="flex flex-col gap-3">
            <p class="font-mono text-caption text-muted wrap-anywhere">{callback.url.clone()}</p>
            {move || match lines.get() {
                None => view! { <p role="status" class="text-muted">"Loading…"</p> }.into_any(),
                Some(lines) if lines.is_empty() => {
                    view! { <p class="text-muted">"Nothing was sent yet. “Send a test event” tries it."</p> }.into_any()
                }
                Some(lines) => {
                    let lines = lines.into_iter().map(|delivery| view! { <Line delivery enabled again /> }).collect_view();
                    view! {
                        <ul class="max-h-96 overflow-y-auto rounded-panel hairline" data-testid="deliveries">
                            {lines}
                        </ul>
                    }
                        .into_any()
                }
            }}
            <div class="flex flex-wrap justify-end gap-2">
                {move || {
                    next.get().map(|after| view! { <Button on:click=move |_| load(Some(after))>"Older"</Button> })
                }}
                <Button on:click=move |_| load(None)>"Refresh"</Button>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Line(delivery: CallbackDelivery, enabled: bool, again: Callback<Uuid>) -> impl IntoView {
    let id = delivery.id;
    let (mark, word) = match delivery.state {
        DeliveryState::Delivered => (State::Ok, "accepted"),
        DeliveryState::Waiting if delivery.attempts > 0 => (State::Warn, "is tried again"),
        DeliveryState::Waiting => (State::Busy, "waiting"),
        DeliveryState::Failed => (State::Error, "failed"),
    };
    let said = match (&delivery.last_error, delivery.last_status) {
        (Some(error), _) => Some(error.clone()),
        (None, Some(status)) => Some(format!("answered {status}")),
        (None, None) => None,
    };
    view! {
        <li class="flex flex-col gap-1 border-t border-line px-3 py-2 first:border-t-0">
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                <code class="font-mono">{delivery.event.clone()}</code>
                <Status state=mark word=word.to_owned() />
                <span class="text-caption text-muted"><Age at=delivery.created_at /></span>
                {(enabled && delivery.state != DeliveryState::Waiting)
                    .then(|| {
                        view! {
                            <Button look=Look::Quiet on:click=move |_| again.run(id)>
                                "Send again"
                            </Button>
                        }
                    })}
            </div>
            {said.map(|said| view! { <p class="text-caption text-muted wrap-anywhere">{said}</p> })}
            <details>
                <summary class="text-caption text-muted">"What was sent and answered"</summary>
                <pre class="overflow-x-auto font-mono text-caption whitespace-pre-wrap wrap-anywhere">{delivery.body.clone()}</pre>
                {delivery
                    .last_answer
                    .clone()
                    .map(|answer| {
                        view! {
                            <pre class="mt-2 overflow-x-auto border-t border-line pt-2 font-mono text-caption whitespace-pre-wrap wrap-anywhere">
                                {answer}
                            </pre>
                        }
                    })}
            </details>
        </li>
    }
    .into_any()
}
