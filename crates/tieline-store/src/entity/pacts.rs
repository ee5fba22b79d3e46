//! Tables of signed agreements.

table!(pact, "pact", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    kind: String,
    title: String,
    text: String,
    place: String,
    begins: Option<i64>,
    ends: Option<i64>,
    notice: Option<i64>,
    ended_at: Option<i64>,
    account: Option<Uuid>,
    version: i64,
    removed_at: Option<i64>,
});
table!(pact_party, "pact_party", {
    #[sea_orm(primary_key, auto_increment = false)]
    pact: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    party: Uuid,
    signed: Option<i64>,
    signed_at: Option<i64>,
    account: Option<Uuid>,
});
table!(duty, "duty", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    pact: Uuid,
    party: Uuid,
    to_party: Option<Uuid>,
    text: String,
    due: i64,
    every_months: Option<i64>,
    removed_at: Option<i64>,
});
table!(duty_commitment, "duty_commitment", {
    #[sea_orm(primary_key, auto_increment = false)]
    duty: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    due: i64,
    commitment: Uuid,
});
