//! Asks the agent for a plan, shows it, and starts the command that applies it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::api::{ApplyRequest, PlanAnswer, StartedCommand};
use leptos::{prelude::*, task::spawn_local};

use super::view::PlanView;
use crate::{
    browser,
    components::{Button, Callout, Icon, Look, MarkedText, Sign, Tone, elapsed, focus_once, use_now},
    rpc::deployments::{apply_plan, discard_plan, plan_deployment},
};

/// What the agent should plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wish {
    pub hash: String,
    /// An earlier revision; `None`: the current text of the project.
    pub revision: Option<i32>,
    /// Services to recreate even if nothing about them changed.
    pub recreate: Vec<String>,
    /// Why the plan that was applied before is outdated; shown above the new plan.
    pub stale: Option<String>,
}

#[derive(Clone)]
enum Phase {
    /// Waiting for the agent, which may be busy or offline.
    Asking,
    Ready(PlanAnswer),
    Applying(PlanAnswer),
    Failed(String),
}

/// Pause between two requests.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// An online host answers within seconds; after this time the page says that the host is late.
const PATIENCE_S: i64 = 6;

#[component]
pub fn PlanFlow(
    wish: Wish,
    /// The button's label: "Deploy".
    verb: &'static str,
    /// The name of the host that makes the plan.
    #[prop(into)]
    host: String,
    on_started: Callback<StartedCommand>,
) -> impl IntoView {
    let discard = StoredValue::new(Discard::of(&wish));
    let wish = StoredValue::new(wish);
    let phase = RwSignal::new(Phase::Asking);
    let refusal = RwSignal::new(None::<String>);
    let asked_at = RwSignal::new(None::<DateTime<Utc>>);
    let now = use_now();
    let ask = move || {
        phase.set(Phase::Asking);
        asked_at.set(now.get_untracked());
        spawn_local(async move {
            let (Some(wish), Some(discard)) = (wish.try_get_value(), discard.try_get_value()) else { return };
            let next = answered(&wish, phase, &discard).await;
            if phase.try_set(next).is_some() {
                // It was closed before there was an answer.
                discard.run();
            }
        });
    };
    Effect::new(move || {
        ask();
        // The dialog was closed, or another host is chosen.
        let Some(discard) = discard.try_get_value() else { return };
        on_cleanup(move || discard.run());
    });
    let apply = move |_| {
        let Phase::Ready(answer) = phase.get_untracked() else { return };
        phase.set(Phase::Applying(answer.clone()));
        refusal.set(None);
        spawn_local(async move {
            let (Some(wish), Some(discard)) = (wish.try_get_value(), discard.try_get_value()) else { return };
            // Before it is sent: if the dialog is closed now, the deployment goes on.
            discard.is_needless();
            let request = ApplyRequest {
                revision: answer.revision,
                plan_hash: answer.plan_hash.clone(),
                recreate: wish.recreate,
            };
            match apply_plan(wish.hash, request).await {
                Ok(started) => drop(on_started.try_run(started)),
                Err(error) => {
                    discard.names(answer.revision);
                    refusal.try_set(Some(error.to_string()));
                    phase.try_set(Phase::Ready(answer));
                }
            }
        });
    };
    focus_once(move || phase.with(|phase| matches!(phase, Phase::Ready(_) | Phase::Failed(_))));
    let stale = wish.with_value(|wish| wish.stale.clone());
    let forced = wish.with_value(|wish| !wish.recreate.is_empty());
    view! {
        <div class="plan-flow flex flex-col gap-4">
            {stale
                .map(|why| {
                    view! {
                        <Callout tone=Tone::Warn title="The host changed after the plan was made. This is the new plan.">
                            <MarkedText text=why />
                        </Callout>
                    }
                })}
            {move || match phase.get() {
                Phase::Asking => asking(&host, asked_at).into_any(),
                Phase::Failed(why) => {
                    view! {
                        <Callout tone=Tone::Error title="Couldn't create a plan">
                            <MarkedText text=why />
                        </Callout>
                        <div class="flex justify-end">
                            <Button on:click=move |_| ask()>"Plan again"</Button>
                        </div>
                    }
                        .into_any()
                }
                Phase::Ready(answer) | Phase::Applying(answer) => {
                    let plan = answer.plan.unwrap_or_default();
                    let possible = plan.can_be_applied();
                    let needless = plan.changes_nothing() && !forced;
                    let applying = Signal::derive(move || matches!(phase.get(), Phase::Applying(_)));
                    view! {
                        <PlanView plan />
                        {move || refusal.get().map(|why| view! { <Callout tone=Tone::Error title="Couldn't start the deployment"><MarkedText text=why /></Callout> })}
                        <div class="flex flex-wrap items-center justify-end gap-2">
                            {(!possible)
                                .then(|| {
                                    view! {
                                        <p class="min-w-40 flex-1 text-muted">
                                            "The host refuses this plan. Fix the problems marked above, then plan again."
                                        </p>
                                    }
                                })}
                            <Button look=Look::Quiet on:click=move |_| ask() disabled=applying>
                                <Icon sign=Sign::Restart />
                                "Plan again"
                            </Button>
                            {possible
                                .then(|| {
                                    view! {
                                        <Button
                                            look=if needless { Look::Plain } else { Look::Primary }
                                            disabled=applying
                                            on:click=apply
                                            attr:data-testid="plan-apply"
                                        >
                                            {move || if applying.get() { "Sending…" } else if needless { "Deploy anyway" } else { verb }}
                                        </Button>
                                    }
                                })}
                        </div>
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}

/// Deletes the plan when its view is closed, unless it was applied: looking at a plan leaves no record.
#[derive(Clone)]
struct Discard {
    hash: String,
    state: Arc<Mutex<PlanUse>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlanUse {
    /// The revision is known once there is an answer. A deployment that was only prepared is deleted without it, too.
    Looking(Option<i32>),
    Applied,
}

impl Discard {
    fn of(wish: &Wish) -> Self {
        Self { hash: wish.hash.clone(), state: Arc::new(Mutex::new(PlanUse::Looking(None))) }
    }

    fn set(&self, state: PlanUse) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn names(&self, revision: i32) {
        self.set(PlanUse::Looking(Some(revision)));
    }

    fn is_needless(&self) {
        self.set(PlanUse::Applied);
    }

    fn run(&self) {
        let state = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let PlanUse::Looking(revision) = state else { return };
        let hash = self.hash.clone();
        spawn_local(async move {
            // If the server does not hear it, a job deletes what was only prepared, and the history leaves out what was planned.
            let _ = discard_plan(hash, revision).await;
        });
    }
}

/// Repeats the request until there is an answer or the view is disposed. The server holds each request for some seconds.
async fn answered(wish: &Wish, phase: RwSignal<Phase>, discard: &Discard) -> Phase {
    loop {
        let answer = plan_deployment(wish.hash.clone(), wish.revision).await;
        if let Ok(answer) = &answer {
            discard.names(answer.revision);
        }
        match answer {
            Err(error) => return Phase::Failed(error.to_string()),
            Ok(PlanAnswer { problem: Some(why), .. }) => return Phase::Failed(why),
            Ok(answer) if answer.plan.is_some() => return Phase::Ready(answer),
            Ok(_) if phase.try_get_untracked().is_none() => return Phase::Asking,
            Ok(_) => browser::pause(ASK_AGAIN).await,
        }
    }
}

fn asking(host: &str, since: RwSignal<Option<DateTime<Utc>>>) -> impl IntoView {
    let now = use_now();
    let waited = Memo::new(move |_| match (since.get(), now.get()) {
        (Some(since), Some(now)) => now - since,
        _ => chrono::TimeDelta::zero(),
    });
    let late = Memo::new(move |_| waited.get().num_seconds() >= PATIENCE_S);
    let host = host.to_owned();
    view! {
        <div role="status" class="flex gap-2.5 rounded-panel p-3 hairline">
            <span class="text-busy">
                <Icon sign=Sign::Clock />
            </span>
            <div class="min-w-0 flex-1">
                <p class="font-medium">{format!("Asking {host} what would change")}</p>
                <p class="text-muted">
                    {move || {
                        if late.get() {
                            "It has not answered yet; it may be busy or offline. The plan appears as soon as it answers."
                        } else {
                            "Its agent compares the stack with what is running. Nothing is changed."
                        }
                    }}
                </p>
            </div>
            <span class="tabular text-muted" aria-hidden="true">
                {move || elapsed(waited.get())}
            </span>
        </div>
    }
}
