use domain::api::{Envelope, WhoIsAsking};

use crate::{
    auth::Anybody,
    http::{Answer, Failures},
};

/// Who you are, and what you are allowed to do. Answers every caller except one with invalid credentials.
#[utoipa::path(get, path = "/api/auth", tag = "access", security((), ("bearer" = []), ("access_token" = []), ("client" = [], "signature" = [])),
    responses((status = 200, description = "The caller", body = Envelope<WhoIsAsking>), Failures))]
pub async fn who_is_asking(anybody: Anybody) -> Answer<WhoIsAsking> {
    let who = match anybody {
        Anybody::Anonymous => WhoIsAsking::stranger(),
        Anybody::Agent { id, channel } => WhoIsAsking::agent(id, channel),
        Anybody::Known(caller) => WhoIsAsking::known(caller),
    };
    Answer::item("OK", who)
}
