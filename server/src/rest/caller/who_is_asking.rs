use domain::{
    access::{Action, Resource, may},
    api::{Allowed, Envelope, WhoIsAsking},
};

use crate::{
    auth::Anybody,
    rest::{Answer, Failures},
};

/// Who you are, and what you may do. Answers everybody, except credentials that do not hold.
#[utoipa::path(get, path = "/api/auth", tag = "access", security((), ("bearer" = []), ("access_token" = [])),
    responses((status = 200, description = "Who is asking", body = Envelope<WhoIsAsking>), Failures))]
pub async fn who_is_asking(anybody: Anybody) -> Answer<WhoIsAsking> {
    let nobody = |role: &str| WhoIsAsking {
        user_id: None,
        role: role.to_owned(),
        name: None,
        email: None,
        scope: None,
        client_id: None,
        may: Vec::new(),
    };
    let who = match anybody {
        Anybody::Anonymous => nobody("anonym"),
        Anybody::Agent => nobody("agent"),
        Anybody::Known(caller) => {
            let allowed = Resource::ALL.into_iter().filter_map(|resource| {
                let actions = Action::ALL.into_iter().filter(|action| may(&caller, resource, *action));
                Some(actions.collect::<Vec<_>>())
                    .filter(|actions| !actions.is_empty())
                    .map(|actions| Allowed { resource, actions })
            });
            WhoIsAsking {
                may: allowed.collect(),
                user_id: Some(caller.user_id),
                role: caller.role.as_str().to_owned(),
                name: Some(caller.name),
                email: caller.email,
                scope: Some(caller.scope),
                client_id: caller.client,
            }
        }
    };
    Answer::item("OK", who)
}
