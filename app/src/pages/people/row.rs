//! The owner, one member or one open invitation of a project, with its actions.

use domain::{
    access::ProjectRole,
    api::{Invitation, Member, Person},
};
use leptos::{prelude::*, task::spawn_local};

use super::state::Team;
use crate::{
    components::{
        Badge, Button, Callout, ConfirmByName, Dialog, DialogClose, DialogOpener, Icon, Look, MENU_ITEM,
        Menu, Moment, Sign, Tone, age_of,
    },
    rpc::{
        RpcError,
        sharing::{leave_project, remove_member, set_member_role, withdraw_invitation},
    },
};

#[component]
pub(super) fn OwnerRow(owner: Person, team: Team) -> impl IntoView {
    let is_me = move || team.is_owner();
    let name = owner.name.unwrap_or(owner.user_id);
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3">
            <span class="min-w-0 flex-1 text-control font-semibold wrap-anywhere">{name}</span>
            <Show when=is_me>
                <span class="text-muted">"you"</span>
            </Show>
            <Badge mono=true>{ProjectRole::Owner.as_str()}</Badge>
        </li>
    }
}

#[component]
pub(super) fn MemberRow(member: Member, team: Team) -> impl IntoView {
    let Member { user_id, name, email, role, since } = member;
    let since = age_of(move || Some(since));
    let is_me = team.sharing.with_untracked(|sharing| sharing.you == user_id);
    let menu = {
        let (user_id, name) = (user_id.clone(), name.clone());
        move || {
            let (user_id, name) = (user_id.clone(), name.clone());
            if team.is_owner() {
                Some(view! { <MemberMenu user_id name role team /> }.into_any())
            } else {
                is_me.then(|| view! { <Leave team /> }.into_any())
            }
        }
    };
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-3" data-testid=format!("member-{user_id}")>
            <div class="flex min-w-0 flex-1 flex-col">
                <span class="text-control font-semibold wrap-anywhere">{name}</span>
                <span class="text-caption text-muted wrap-anywhere">
                    {email.map(|email| format!("{email} · "))} "since " {move || since.get()}
                </span>
            </div>
            <Badge mono=true>{role.as_str()}</Badge>
            {menu}
        </li>
    }
}

#[component]
fn MemberMenu(user_id: String, name: String, role: ProjectRole, team: Team) -> impl IntoView {
    let others = ProjectRole::GIVEN
        .into_iter()
        .filter(|other| *other != role)
        .map(|other| {
            let user_id = user_id.clone();
            let give = move |_| {
                let user_id = user_id.clone();
                spawn_local(async move { team.after(set_member_role(team.project(), user_id, other).await) });
            };
            view! {
                <button type="button" class=MENU_ITEM on:click=give>
                    <Icon sign=Sign::Person />
                    {format!("Make {other}")}
                </button>
            }
        })
        .collect_view();
    let remove = {
        let user_id = user_id.clone();
        move |_| {
            let user_id = user_id.clone();
            spawn_local(async move { team.after(remove_member(team.project(), user_id).await) });
        }
    };
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    let dialog = format!("transfer-{user_id}");
    let opened = dialog.clone();
    view! {
        <Menu id=format!("menu-{user_id}") label=format!("Actions for {name}") button>
            {others}
            <DialogOpener dialog=opened class=MENU_ITEM>
                <Icon sign=Sign::Key />
                "Make the owner…"
            </DialogOpener>
            <button type="button" class=MENU_ITEM on:click=remove>
                <Icon sign=Sign::Trash />
                "Remove from the project"
            </button>
        </Menu>
        <Transfer dialog user_id name team />
    }
}

#[component]
fn Transfer(dialog: String, user_id: String, name: String, team: Team) -> impl IntoView {
    let (id, project) =
        team.sharing.with_untracked(|sharing| (sharing.project_id, sharing.project_name.clone()));
    view! {
        <ConfirmByName
            id=dialog
            title="Transfer project"
            action=format!("/projects/{id}/transfer")
            name=project.clone()
            lost=format!("“{project}” will belong to {name}")
            verb="Transfer this project"
        >
            <input type="hidden" name="user_id" value=user_id />
            "You stay a member as an editor. Only the new owner can transfer it back. Remove its deployments on your hosts first."
        </ConfirmByName>
    }
}

#[component]
fn Leave(team: Team) -> impl IntoView {
    let leave = move |_| {
        spawn_local(async move {
            match leave_project(team.project()).await {
                Ok(()) => drop(window().location().set_href("/")),
                Err(error) => team.toasts.show(Tone::Error, error.to_string()),
            }
        });
    };
    view! {
        <DialogOpener dialog="leave">"Leave…"</DialogOpener>
        <Dialog id="leave" title="Leave project">
            <div class="flex flex-col gap-4">
                <Callout tone=Tone::Warn title="You will lose access to this project">
                    "Your changes stay. To return, you need a new invitation."
                </Callout>
                <div class="flex flex-wrap justify-end gap-2">
                    <DialogClose dialog="leave">"Cancel"</DialogClose>
                    <Button look=Look::Danger on:click=leave>
                        "Leave this project"
                    </Button>
                </div>
            </div>
        </Dialog>
    }
}

#[component]
pub(super) fn InvitationRow(invitation: Invitation, team: Team) -> impl IntoView {
    let Invitation { id, role, expires_at, .. } = invitation;
    let withdraw = move |_| {
        spawn_local(async move {
            let answer: Result<(), RpcError> = withdraw_invitation(team.project(), id).await;
            team.after(answer);
        });
    };
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2 first:border-t-0">
            <Badge mono=true>{role.as_str()}</Badge>
            <span class="min-w-0 flex-1 text-muted">"valid until " <Moment at=expires_at /></span>
            <Button on:click=withdraw>"Withdraw"</Button>
        </li>
    }
}
