"""Functions that tell policies and queries who is asking, from the transaction-local context (portal.context)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION portal_user_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$SELECT nullif(current_setting('portal.user_id', true), '')::uuid$$;
CREATE FUNCTION portal_service_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$SELECT string_to_array(nullif(current_setting('portal.service_ids', true), ''), ',')::uuid[]$$;
"""
BACKWARD = "DROP FUNCTION portal_user_id(); DROP FUNCTION portal_service_ids();"


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
