//! Tables of challenges.

table!(challenge, "challenge", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    objective: Option<Uuid>,
    title: String,
    text: String,
    ended: Option<String>,
    ended_at: Option<i64>,
    learnt: String,
    decision: Option<Uuid>,
    initiative: Option<Uuid>,
    account: Option<Uuid>,
    version: i64,
    removed_at: Option<i64>,
});
table!(challenge_point, "challenge_point", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    challenge: Uuid,
    kind: String,
    party: Uuid,
    parent: Option<Uuid>,
    text: String,
    source: String,
    account: Option<Uuid>,
    version: i64,
    removed_at: Option<i64>,
});
table!(challenge_stance, "challenge_stance", {
    #[sea_orm(primary_key, auto_increment = false)]
    point: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    party: Uuid,
    agrees: bool,
    text: String,
});
table!(trial, "trial", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    challenge: Uuid,
    answers: Option<Uuid>,
    party: Option<Uuid>,
    text: String,
    sign: String,
    begins: Option<i64>,
    ends: Option<i64>,
    result: Option<String>,
    seen: String,
    account: Option<Uuid>,
    version: i64,
    removed_at: Option<i64>,
});
