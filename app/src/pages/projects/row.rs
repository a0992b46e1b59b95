//! One project in the list, with its actions.

use domain::{access::ProjectRole, api::ProjectSummary};
use leptos::prelude::*;

use super::new_project::MAX_NAME_CHARACTERS;
use crate::components::{
    Badge, Button, ConfirmByName, Dialog, DialogClose, DialogOpener, Icon, Look, MENU_ITEM, Menu, Moment,
    Sign, TextInput,
};

/// How many services the row names; the others are only counted.
const NAMED_SERVICES: usize = 4;

#[component]
pub(super) fn ProjectRow(project: ProjectSummary) -> impl IntoView {
    let ProjectSummary { id, name, services, updated_at, role, owner_name, has_values, .. } = project;
    view! {
        // The link covers the row, so that the whole row can be clicked.
        <tr class="relative border-t border-line first:border-t-0 hover:bg-hover">
            <th scope="row" class="px-4 py-2 font-medium wrap-anywhere sm:max-w-64">
                <a href=format!("/projects/{id}") class="after:absolute after:inset-0">
                    {name.clone()}
                </a>
                {owner_name
                    .map(|owner| {
                        view! {
                            <p class="text-caption font-normal text-muted">{format!("Owner: {owner} · your role: {}", role.as_str())}</p>
                        }
                    })}
                // On narrow screens this column also shows the others, which are hidden there.
                <div class="mt-1 flex flex-col gap-1 font-normal text-muted sm:hidden">
                    <Services services=services.clone() />
                    <Moment at=updated_at />
                </div>
            </th>
            <td class="px-4 py-2 max-sm:hidden">
                <Services services />
            </td>
            <td class="tabular px-4 py-2 whitespace-nowrap text-muted max-sm:hidden">
                <Moment at=updated_at />
            </td>
            <td class="px-2 py-1 text-right max-sm:align-top">
                <div class="relative z-10 inline-block text-left">
                    <RowMenu id name role has_values />
                </div>
            </td>
        </tr>
    }
}

#[component]
fn Services(services: Vec<String>) -> impl IntoView {
    let more = services.len().saturating_sub(NAMED_SERVICES);
    let named = services
        .into_iter()
        .take(NAMED_SERVICES)
        .map(|service| {
            view! {
                <span class="flex max-w-56 min-w-0">
                    <Badge mono=true>{service}</Badge>
                </span>
            }
        })
        .collect_view();
    view! {
        <div class="flex flex-wrap gap-1">
            {named} {(more > 0).then(|| view! { <span class="text-caption text-muted">{format!("+{more}")}</span> })}
        </div>
    }
}

#[component]
fn RowMenu(id: i32, name: String, role: ProjectRole, has_values: bool) -> impl IntoView {
    let label = format!("Actions for {name}");
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    view! {
        <Menu id=format!("menu-{id}") label button>
            {(role >= ProjectRole::Editor)
                .then(|| {
                    view! {
                        <DialogOpener dialog=rename_dialog(id) class=MENU_ITEM>
                            <Icon sign=Sign::Edit />
                            "Rename…"
                        </DialogOpener>
                    }
                })}
            // External: a full page load closes the menu.
            <a href=format!("/projects/{id}/people") rel="external" class=MENU_ITEM>
                <Icon sign=Sign::Person />
                {if role == ProjectRole::Owner { "Share…" } else { "People" }}
            </a>
            <form method="post" action=format!("/projects/{id}/duplicate")>
                <button type="submit" class=MENU_ITEM>
                    <Icon sign=Sign::Copy />
                    "Duplicate"
                </button>
            </form>
            <a href=format!("/projects/{id}/docker-compose.yml") download="docker-compose.yml" rel="external" class=MENU_ITEM>
                <Icon sign=Sign::Download />
                "Download compose file"
            </a>
            {(has_values && role >= ProjectRole::Editor)
                .then(|| {
                    view! {
                        <form method="post" action=format!("/projects/{id}/env")>
                            <button type="submit" class=MENU_ITEM>
                                <Icon sign=Sign::Download />
                                "Download its values (.env)"
                            </button>
                        </form>
                    }
                })}
            {(role == ProjectRole::Owner)
                .then(|| {
                    view! {
                        <DialogOpener dialog=delete_dialog(id) class=MENU_ITEM>
                            <Icon sign=Sign::Trash />
                            "Delete…"
                        </DialogOpener>
                    }
                })}
        </Menu>
        {(role >= ProjectRole::Editor).then(|| view! { <RenameDialog id name=name.clone() /> })}
        {(role == ProjectRole::Owner).then(|| view! { <DeleteDialog id name=name.clone() /> })}
    }
}

fn rename_dialog(id: i32) -> String {
    format!("rename-{id}")
}

fn delete_dialog(id: i32) -> String {
    format!("delete-{id}")
}

#[component]
fn RenameDialog(id: i32, name: String) -> impl IntoView {
    let dialog = rename_dialog(id);
    view! {
        <Dialog id=dialog.clone() title="Rename project">
            <form method="post" action=format!("/projects/{id}/rename") class="flex flex-col gap-4">
                <TextInput id=format!("{dialog}-name") label="Name" name="name" value=name max_length=MAX_NAME_CHARACTERS required=true />
                <div class="flex flex-wrap justify-end gap-2">
                    <DialogClose dialog>"Cancel"</DialogClose>
                    <Button look=Look::Primary kind="submit">
                        "Rename"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}

#[component]
fn DeleteDialog(id: i32, name: String) -> impl IntoView {
    view! {
        <ConfirmByName
            id=delete_dialog(id)
            title="Delete project"
            action=format!("/projects/{id}/delete")
            lost=format!("“{name}” will be deleted permanently")
            name
            verb="Delete this project"
        >
            "This deletes its compose file, canvas and notes. Containers and volumes on your hosts stay as they are."
        </ConfirmByName>
    }
}
