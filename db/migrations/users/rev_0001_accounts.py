"""Accounts, roles, sessions and who follows whom (seeds 000, 001, 003, 004)."""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        CREATE_TOUCH,
        """
        CREATE TABLE users (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            telegram_id bigint UNIQUE CHECK (telegram_id > 0),
            username varchar(50) NOT NULL,
            email varchar(255) NOT NULL,
            password_hash varchar(255) NOT NULL,
            first_name varchar(100),
            last_name varchar(100),
            bio varchar(500),
            avatar_url varchar(512),
            is_verified boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        )""",
        "CREATE UNIQUE INDEX users_username_key ON users (lower(username))",
        "CREATE UNIQUE INDEX users_email_key ON users (lower(email))",
        "CREATE INDEX users_created_at_idx ON users (created_at DESC, id DESC)",
        touch("users"),
        """
        CREATE TABLE roles (
            id serial PRIMARY KEY,
            name varchar(20) NOT NULL UNIQUE
        )""",
        "INSERT INTO roles (name) VALUES ('ROLE_USER'), ('ROLE_ADMIN'), ('ROLE_TEACHER'), ('ROLE_STUDENT')",
        """
        CREATE TABLE user_roles (
            user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            role_id integer NOT NULL REFERENCES roles (id),
            PRIMARY KEY (user_id, role_id)
        )""",
        """
        CREATE TABLE refresh_tokens (
            id bigserial PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            family_id uuid NOT NULL,
            token_hash varchar(64) NOT NULL UNIQUE,
            ip_address inet NOT NULL,
            device_info varchar(255),
            expires_at timestamptz NOT NULL,
            revoked boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL DEFAULT now()
        )""",
        "CREATE INDEX refresh_tokens_user_id_idx ON refresh_tokens (user_id)",
        "CREATE INDEX refresh_tokens_family_id_idx ON refresh_tokens (family_id)",
        "CREATE INDEX refresh_tokens_expires_at_idx ON refresh_tokens (expires_at)",
        """
        CREATE TABLE follows (
            follower_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            followed_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (follower_id, followed_id),
            CHECK (follower_id <> followed_id)
        )""",
        "CREATE INDEX follows_followed_id_idx ON follows (followed_id, created_at DESC, follower_id DESC)",
        "CREATE INDEX follows_follower_id_idx ON follows (follower_id, created_at DESC, followed_id DESC)",
    )


def downgrade() -> None:
    run(
        "DROP TABLE follows",
        "DROP TABLE refresh_tokens",
        "DROP TABLE user_roles",
        "DROP TABLE roles",
        "DROP TABLE users",
        DROP_TOUCH,
    )
